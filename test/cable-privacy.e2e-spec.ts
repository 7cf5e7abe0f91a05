import { CableWorld, type Ear, inShort, made, messagePath, roomPath } from './cable.fixture.js';
import { mentioning } from './notifications.fixture.js';
import { addTo, type MessageRecord, openGroup, removeFrom, type RoomRecord, send } from './support/chat.js';
import type { Person } from './support/people.js';

/** A room with something in it, and who speaks there. */
interface Scene {
  room: RoomRecord;
  root: MessageRecord;
  reply: MessageRecord;
  ann: Person;
  bob: Person;
  stranger: Person;
}

type Act = (scene: Scene) => Promise<unknown>;

const say: Act = ({ ann, room }) => send(ann, room, 'A secret');
const answer: Act = ({ bob, room, root }) => send(bob, room, 'A secret', { parent_message_id: root.id });
const callOut: Act = ({ ann, room, root, stranger }) =>
  send(ann, room, '', { rich_text_body: mentioning(stranger), parent_message_id: root.id });
const rewrite: Act = ({ ann, room, root }) => made(ann.http.patch(messagePath(room, root), { body: 'A new secret' }));
const callOutLater: Act = ({ ann, room, root, stranger }) =>
  made(ann.http.patch(messagePath(room, root), { rich_text_body: mentioning(stranger) }));
const takeBack: Act = ({ bob, room, reply }) => made(bob.http.delete(messagePath(room, reply)));
const takeAllBack: Act = ({ ann, room, root }) => made(ann.http.delete(messagePath(room, root)));
const change =
  (wanted: (scene: Scene) => object): Act =>
  (scene) =>
    made(scene.ann.http.patch(roomPath(scene.room), wanted(scene)));
const pin: Act = ({ bob, room }) => made(bob.http.post(`${roomPath(room)}/pin`));
const unpin: Act = async (scene) => (await pin(scene), made(scene.bob.http.delete(`${roomPath(scene.room)}/pin`)));
const read: Act = ({ ann, room }) => made(ann.http.post(`${roomPath(room)}/mark_all_as_read`));
const end: Act = ({ ann, room }) => made(ann.http.delete(roomPath(room)));

const ACTS: [string, Act][] = [
  ['a message', say],
  ['a reply', answer],
  ['a reply that mentions them', callOut],
  ['an edit', rewrite],
  ['an edit that mentions them', callOutLater],
  ['a deleted reply', takeBack],
  ['a deleted root', takeAllBack],
  ['a new name', change(() => ({ name: 'Secret plans' }))],
  ['a new description', change(() => ({ description: 'A secret' }))],
  ['a pinned message', change(({ root }) => ({ pinned_message_id: root.id }))],
  ['a room that somebody pins', pin],
  ['a room that somebody pins no more', unpin],
  ['a room that somebody reads', read],
  ['the end of the room', end],
];

// Real: HTTP in, plain WebSockets out, on two nodes where the services of the run allow it.
describe('who is not in a room', () => {
  let world: CableWorld;
  let ann: Person;
  let bob: Person;
  let stranger: Person;
  let removed: Person;

  beforeAll(async () => {
    world = await CableWorld.open();
    [ann, bob, stranger, removed] = (await world.people('Ann', 'Bob', 'Stranger', 'Removed')) as [
      Person,
      Person,
      Person,
      Person,
    ];
  });
  afterEach(() => world.hangUp());
  afterAll(() => world.close());

  /** Nobody but Ann and Bob is in it any more; the one who was removed took part in its thread. */
  const setScene = async (): Promise<Scene & { inside: Ear[]; outside: Ear[] }> => {
    const room = await openGroup(ann, [bob, removed], { name: 'Plans' });
    const root = await send(ann, room, 'A root');
    await send(removed, room, 'I was here', { parent_message_id: root.id });
    const reply = await send(bob, room, 'A reply', { parent_message_id: root.id });
    // The badge is theirs, whatever happens to the room.
    await made(removed.http.post('/api/notifications/reset_new_notifications_count'));
    const inside = await world.listen([ann, bob], room);
    const outside = await world.listen([stranger, stranger, world.boss, removed, removed]);
    for (const ear of outside.filter(({ person }) => person.id === removed.id)) {
      expect(await ear.listen(room)).toBe('confirm_subscription');
    }
    await removeFrom(ann, room, removed);
    for (const ear of outside.filter(({ person }) => person.id !== removed.id)) {
      expect(await ear.listen(room)).toBe('reject_subscription');
    }
    await world.heard([], null, [...inside, ...outside]);
    return { room, root, reply, ann, bob, stranger, inside, outside };
  };

  it.each(ACTS)('hears nothing of %s on any queue', async (_what, act) => {
    const { inside, outside, ...scene } = await setScene();
    await act(scene);
    const ended = act === end;
    const heard = await world.heard(
      ended ? [] : inside,
      ended ? null : scene.room,
      ended ? [...inside, ...outside] : outside,
    );
    const [forAnn, forBob, ...forOthers] = heard;
    expect({ ...inShort(forAnn!), ...inShort(forBob!) }).not.toEqual({});
    expect(forOthers.map(inShort)).toEqual(forOthers.map(() => ({})));
    const subscribed = outside.map(({ client }) => client.frames.map(({ message }) => JSON.stringify(message ?? null)));
    expect(JSON.stringify(subscribed)).not.toMatch(/secret/i);
  });

  it('keeps the notifications of it: when the message goes, the number is all that they hear', async () => {
    const room = await openGroup(ann, [removed]);
    const message = await send(ann, room, '', { rich_text_body: mentioning(removed) });
    await removeFrom(ann, room, removed);
    const ears = await world.listen([removed]);
    await made(ann.http.delete(messagePath(room, message)));
    const [heard] = await world.heard([], null, ears);
    expect(inShort(heard!)).toEqual({ notices: ['updateNewNotificationCount'] });
  });

  it('a newcomer hears nothing of what was said before, where the room does not show it', async () => {
    const room = await openGroup(ann, [bob], { show_history: false, name: 'Plans' });
    const [root, other] = [await send(ann, room, 'A secret'), await send(ann, room, 'Another secret')];
    const early = await send(bob, room, 'A secret reply', { parent_message_id: root.id });
    const ears = await world.listen([ann, stranger]);
    expect(await ears[0]!.listen(room)).toBe('confirm_subscription');
    await addTo(ann, room, stranger);
    expect(await ears[1]!.listen(room)).toBe('confirm_subscription');
    await made(ann.http.patch(messagePath(room, root), { body: 'A changed secret' }));
    await made(bob.http.delete(messagePath(room, early)));
    const late = await send(bob, room, 'No answer', { parent_message_id: root.id });
    await made(ann.http.delete(messagePath(room, other)));
    await made(ann.http.patch(roomPath(room), { pinned_message_id: root.id }));
    const welcome = await send(ann, room, 'Welcome');
    const answer = await send(stranger, room, 'Thanks', { parent_message_id: welcome.id });
    const [forAnn, forStranger] = await world.heard(ears, room);
    expect(inShort(forAnn!).talk).toHaveLength(7);
    expect(forStranger!.talk).toMatchObject([
      { event: 'newMessage', id: late.id },
      { event: 'chatRoomUpdated', pinned_message: null },
      { event: 'newMessage', id: welcome.id },
      { event: 'newMessage', id: answer.id },
    ]);
    expect(forStranger!.rooms).toMatchObject([
      { event: 'chatRoomCreated', last_message: null },
      { event: 'newMessage', id: welcome.id },
    ]);
    expect(forStranger!.threads).toMatchObject([{ event: 'newMessage', id: answer.id }]);
    expect(JSON.stringify(forStranger)).not.toMatch(/secret/i);
  });
});
