import { Reaction } from '../src/modules/messages/reaction.entity.js';
import {
  ChatWorld,
  made,
  messagePath,
  type MessageRecord,
  outcome,
  read,
  roomPath,
  type RoomRecord,
  send,
} from './chat.fixture.js';
import { addTo, removeFrom } from './support/chat.js';
import type { Person } from './support/people.js';

type Reactions = { emoji: string; count: number; community_member_ids: number[] }[];

// Real: the whole server over HTTP, its database and its event log.
describe('reactions', () => {
  let world: ChatWorld;
  let ann: Person;
  let bob: Person;
  let cy: Person;
  let room: RoomRecord;
  let message: MessageRecord;

  beforeAll(async () => {
    world = await ChatWorld.open();
    [ann, bob, cy] = (await world.members(3)) as [Person, Person, Person];
  });
  beforeEach(async () => {
    room = await world.group(ann, [bob, cy]);
    message = await send(ann, room, 'Cake?');
  });
  afterEach(() => world.closeSockets());
  afterAll(() => world.close());

  const path = (where: { uuid: string } = room, to: { id: number } = message): string =>
    `${messagePath(where, to)}/reactions`;
  const react = (person: Person, emoji: unknown) => person.http.post(path(), { emoji });
  const takeBack = (person: Person, emoji: string) => person.http.delete(`${path()}/${encodeURIComponent(emoji)}`);
  const reactions = async (person: Person = ann): Promise<Reactions> =>
    (await made<{ reactions: Reactions }>(person.http.get(messagePath(room, message)))).reactions;
  const tidings = async () => (await world.roomEvents(room)).filter(({ type }) => type === 'reaction');

  it('are shown with the message, in the order of reacting', async () => {
    for (const person of [bob, ann]) await made(react(person, 'thumbsup'));
    await made(react(cy, '🎂'));
    await made(react(cy, 'thumbsup'));
    const shown = [
      { emoji: 'thumbsup', count: 3, community_member_ids: [bob.id, ann.id, cy.id] },
      { emoji: '🎂', count: 1, community_member_ids: [cy.id] },
    ];
    expect(await reactions()).toEqual(shown);
    const other = await send(bob, room, 'Nothing');
    expect((await read(bob, room)).records).toMatchObject([{ reactions: shown }, { id: other.id, reactions: [] }]);
  });

  it('each is told to the room once, and is no part of what is told about the message', async () => {
    const { status, body } = await react(bob, 'thumbsup');
    expect([status, body]).toEqual([
      201,
      { chat_room_message_id: message.id, emoji: 'thumbsup', community_member_id: bob.id, count: 1 },
    ]);
    expect(await react(bob, 'thumbsup')).toMatchObject({ status: 200, body });
    await made(react(ann, 'thumbsup'));
    expect(await takeBack(bob, 'thumbsup')).toMatchObject({ status: 200, body: { ...(body as object), count: 1 } });
    expect((await takeBack(bob, 'thumbsup')).status).toBe(200);
    expect((await takeBack(cy, 'never_said')).body).toMatchObject({ count: 0 });
    const told = { type: 'reaction', path: `/chat-rooms/${room.uuid}/messages/${message.id}/reactions` };
    const resource = { chat_room_message_id: message.id, emoji: 'thumbsup' };
    expect(await tidings()).toMatchObject([
      { ...told, action: 'created', resource: { ...resource, community_member_id: bob.id, count: 1 } },
      { ...told, action: 'created', resource: { ...resource, community_member_id: ann.id, count: 2 } },
      { ...told, action: 'deleted', resource: { ...resource, community_member_id: bob.id, count: 1 } },
    ]);
    expect(Object.keys((await tidings())[0]!.resource!)).toHaveLength(4);
    await made(ann.http.patch(messagePath(room, message), { body: 'Cake!' }));
    const changed = (await world.roomEvents(room)).at(-1)!;
    expect(Object.keys(changed.resource!)).toHaveLength(18);
    expect(await world.events(`members/${ann.id}`)).not.toContainEqual(expect.objectContaining({ type: 'reaction' }));
  });

  it('of many at once each counts, and the same one from two devices counts once', async () => {
    const crowd = await world.members(6);
    await addTo(ann, room, ...crowd);
    await Promise.all([...crowd, ...crowd].map((person) => react(person, '👍🏽')));
    const [only, ...others] = await reactions();
    expect([only!.emoji, only!.count, others]).toEqual(['👍🏽', 6, []]);
    expect((await tidings()).map(({ resource }) => resource!.count)).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it('the same name in other letters is another reaction, and twenty are enough', async () => {
    for (let index = 0; index < 20; index += 1) await made(react(bob, index % 2 ? `e${index}` : `E${index}`));
    expect(await outcome(react(ann, 'one_more'))).toEqual([422, 'reaction.too_many']);
    expect((await react(ann, 'E0')).status).toBe(201);
    await made(takeBack(bob, 'e1'));
    expect((await react(ann, 'one_more')).status).toBe(201);
    expect(await reactions()).toHaveLength(20);
  });

  it('stay when somebody leaves, and go with the message', async () => {
    await made(react(bob, '❤️'));
    await removeFrom(ann, room, bob);
    expect(await reactions()).toMatchObject([{ count: 1, community_member_ids: [bob.id] }]);
    await made(ann.http.delete(messagePath(room, message)));
    for (const reply of [react(cy, '❤️'), takeBack(cy, '❤️')]) {
      expect(await outcome(reply)).toEqual([404, 'message.not_found']);
    }
  });

  it('of a crowd the first hundred are named, and the caller always', async () => {
    const crowd = await world.crowd(room, 120);
    await made(react(ann, 'wow'));
    await world.behind([Reaction], (manager) =>
      manager.query(
        `INSERT INTO chat_room_message_reactions (chat_room_message_id, chat_room_participant_id, emoji)
         SELECT $1, id, 'wow' FROM chat_room_participants WHERE chat_room_id = $2 AND member_id = ANY($3) ORDER BY id`,
        [message.id, room.id, crowd],
      ),
    );
    await made(react(bob, 'wow'));
    const named = async (person: Person) => (await reactions(person))[0]!;
    expect(await named(ann)).toMatchObject({ count: 122, community_member_ids: [ann.id, ...crowd.slice(0, 99)] });
    expect((await named(bob)).community_member_ids).toEqual([ann.id, ...crowd.slice(0, 98), bob.id]);
  });

  it('to what somebody cannot see are as hidden, live and replayed', async () => {
    const quiet = await world.group(ann, [], { show_history: false });
    const early = await send(ann, quiet, 'Before you came');
    await addTo(ann, quiet, bob);
    const late = await send(ann, quiet, 'Welcome');
    expect(await outcome(bob.http.post(path(quiet, early), { emoji: 'wave' }))).toEqual([404, 'message.not_found']);
    await made(ann.http.post(path(quiet, early), { emoji: 'secret' }));
    const client = await world.connect(bob);
    const { websockets } = await made<{ websockets: { room: string; token: string }[] }>(
      bob.http.get(`${roomPath(quiet)}?websockets=1`),
    );
    await client.join(websockets[0]!.room, websockets[0]!.token, { last_id: 0 });
    await made(ann.http.post(path(quiet, early), { emoji: 'hidden' }));
    await made(ann.http.post(path(quiet, late), { emoji: 'wave' }));
    const isReaction = ({ type }: Record<string, unknown>): boolean => type === 'reaction';
    expect(await client.next('realtime:resource', isReaction)).toMatchObject({ resource: { emoji: 'wave' } });
    expect(client.resources().filter(({ type }) => type === 'reaction')).toHaveLength(1);
  });

  it('strangers learn nothing', async () => {
    const other = await world.group(ann, [bob]);
    const dan = await world.member('Dan');
    for (const person of [dan, world.boss]) {
      expect(await outcome(react(person, 'wave'))).toEqual([404, 'chat_room.not_found']);
      expect(await outcome(takeBack(person, 'wave'))).toEqual([404, 'chat_room.not_found']);
    }
    expect(await outcome(bob.http.post(path(other), { emoji: 'wave' }))).toEqual([404, 'message.not_found']);
    expect(await outcome(bob.http.post(path(room, { id: 999_999_999 }), { emoji: 'wave' }))).toEqual([
      404,
      'message.not_found',
    ]);
    expect((await world.server.http.post(path(), { emoji: 'wave' })).status).toBe(401);
  });

  it.each<[string, unknown]>([
    ['nothing', undefined],
    ['null', null],
    ['an empty text', ''],
    ['a blank', ' '],
    ['a sentence', 'well done'],
    ['two emoji', '👍👍'],
    ['NUL', 'a\0'],
    ['half a pair', '\ud83d'],
    ['a long name', 'x'.repeat(65)],
    ['a number', 7],
    ['a list', ['thumbsup']],
  ])('%s is no emoji', async (_what, emoji) => {
    expect(await outcome(react(bob, emoji))).toEqual([400, 'request.invalid']);
    expect(await reactions()).toEqual([]);
  });

  it('addresses that name no reaction are refused', async () => {
    for (const address of [`${path()}/${'x'.repeat(65)}`, `${path()}/%00`, `${path()}/a%20b`]) {
      expect(await outcome(bob.http.delete(address))).toEqual([400, 'request.invalid']);
    }
    expect((await bob.http.delete(`${path()}/%ff`)).status).toBe(400);
    for (const id of ['0', 'x', '9007199254740993']) {
      const address = `${roomPath(room)}/messages/${id}/reactions`;
      expect(await outcome(bob.http.post(address, { emoji: 'wave' }))).toEqual([400, 'request.invalid']);
    }
    expect(await outcome(bob.http.post(path(), { emoji: 'wave', count: 7 }))).toEqual([400, 'request.invalid']);
  });
});
