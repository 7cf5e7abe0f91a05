import { CableWorld, inShort, made, type Message, messagePath, roomPath } from './cable.fixture.js';
import { list, mentioning } from './notifications.fixture.js';
import { type MessageRecord, openGroup, type RoomRecord, send } from './support/chat.js';
import type { Person } from './support/people.js';

const PATH = '/api/notifications';
const NOTIFIED = ['newNotification', 'updateNewNotificationCount'];

// Real: HTTP in, plain WebSockets out, on two nodes where the services of the run allow it. The keys of everything that
// is heard are compared with docs/dialects/actioncable.md.
describe('notifications on /cable', () => {
  let world: CableWorld;
  let ann: Person;
  let bob: Person;
  let room: RoomRecord;

  beforeAll(async () => {
    world = await CableWorld.open();
  });
  beforeEach(async () => {
    [ann, bob] = (await world.people('Ann', 'Bob')) as [Person, Person];
    room = await openGroup(ann, [bob], { name: 'Crew' });
  });
  afterEach(() => world.hangUp());
  afterAll(() => world.close());

  const mention = (): Promise<MessageRecord> => send(ann, room, '', { rich_text_body: mentioning(bob) });
  const counts = (messages: Message[]): unknown[] =>
    messages.flatMap(({ new_notifications_count }) => new_notifications_count ?? []);
  const newest = async (): Promise<Record<string, unknown>> => (await list(bob)).records[0]!;

  it('case 28: a mention is told, then the number, which is one more; the author hears nothing', async () => {
    await mention();
    const ears = await world.listen([ann, bob, bob], room);
    const messages = [await mention(), await mention()];
    const [forAnn, ...forBob] = await world.heard(ears, room);
    expect(inShort(forAnn!)).not.toHaveProperty('notices');
    for (const { notices } of forBob) {
      expect(notices.map(({ event }) => event)).toEqual([...NOTIFIED, ...NOTIFIED]);
      expect(counts(notices)).toEqual([2, 3]);
      expect(notices[0]!.notification).toMatchObject({
        action: 'mention',
        notifiable_id: messages[0]!.id,
        is_new: true,
      });
      expect(notices[2]!.notification).toEqual(await newest());
    }
  });

  it('case 29: the number is reset, and what was not read stays unread; marking all as read says the same', async () => {
    await mention();
    await mention();
    const ears = await world.listen([ann, bob], room);
    const reply = await made(bob.http.post(`${PATH}/reset_new_notifications_count`));
    expect(reply).toMatchObject({ new_notifications_count: 0 });
    expect(await newest()).toMatchObject({ is_new: false, read_at: null });
    await made(bob.http.post(`${PATH}/mark_all_as_read`));
    expect(await newest()).toMatchObject({ is_new: false, read_at: expect.any(String) as string });
    await made(bob.http.post(`${PATH}/mark_all_as_read`));
    const [forAnn, forBob] = await world.heard(ears, room);
    expect(inShort(forAnn!)).toEqual({});
    expect(forBob!.notices).toEqual(Array(3).fill({ event: 'resetNewNotificationCount', new_notifications_count: 0 }));
  });

  it('case 30: read twice, archived or deleted, the number is told once for each that was new', async () => {
    const messages = [await mention(), await mention(), await mention(), await mention()];
    const { records } = await list(bob, '?sort=oldest');
    const [one, two, three] = records.map(({ id }) => `${PATH}/${id}`);
    const ears = await world.listen([ann, bob], room);
    await made(bob.http.post(`${one}/mark_as_read`));
    await made(bob.http.post(`${one}/mark_as_read`));
    await made(bob.http.post(`${two}/archive`));
    await made(bob.http.delete(three!));
    await made(bob.http.delete(one!));
    await made(ann.http.delete(messagePath(room, messages[3]!)));
    const [forAnn, forBob] = await world.heard(ears, room);
    expect(inShort(forAnn!)).toEqual({ talk: ['deletedMessage'] });
    expect(new Set(forBob!.notices.map(({ event }) => event))).toEqual(new Set(['updateNewNotificationCount']));
    expect(counts(forBob!.notices)).toEqual([3, 2, 1, 0]);
  });

  it('a filter that marks some of them tells the number, and what an administrator says is a notification too', async () => {
    await mention();
    const ears = await world.listen([ann, bob], room);
    const like = { action: 'like', notifiable_type: 'Post', notifiable_id: 7 };
    await made(world.boss.http.post(`/api/members/${bob.id}/notifications`, like));
    await made(bob.http.post(`${PATH}/mark_all_as_read`, { notification_type: 'mentions' }));
    const [, forBob] = await world.heard(ears, room);
    expect(inShort(forBob!)).toEqual({ notices: [...NOTIFIED, 'updateNewNotificationCount'] });
    expect(counts(forBob!.notices)).toEqual([2, 1]);
    expect(forBob!.notices[0]).toMatchObject({ notification: { action: 'like', notifiable_type: 'Post' } });
  });

  it('who has muted the room hears its messages, and has no notification of them', async () => {
    await made(bob.http.patch(`${roomPath(room)}/participants/${bob.id}`, { muted: true }));
    const [forBob] = await world.heard(await world.listen([bob], room), null);
    expect(inShort(forBob!)).toEqual({});
    const ears = await world.listen([bob], room);
    await mention();
    const [heard] = await world.heard(ears, room);
    expect(inShort(heard!)).toEqual({ rooms: ['newMessage'], talk: ['newMessage'] });
  });
});
