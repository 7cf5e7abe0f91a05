import { randomUUID } from 'node:crypto';
import { type BeforeQueryEvent, DataSource, type EntityManager } from 'typeorm';
import { Transactions } from '../src/database/transactions.js';
import { EventLog } from '../src/events/event-log.js';
import { MembersService } from '../src/modules/members/index.js';
import { type Notice, Notifications, type NotificationView } from '../src/modules/notifications/index.js';
import { act, haveOf, list, made, mentioning, NotificationWorld, PATH } from './notifications.fixture.js';
import { openGroup, roomOf, send } from './support/chat.js';
import type { Person } from './support/people.js';

// Real: the whole server, its database and its event log; HTTP in, the stock Socket.IO client out.
describe('features that notify', () => {
  let world: NotificationWorld;
  let ann: Person;
  let bob: Person;

  beforeAll(async () => {
    world = await NotificationWorld.open();
  });
  beforeEach(async () => {
    [ann, bob] = (await world.people('Ann', 'Bob')) as [Person, Person];
  });
  afterEach(() => world.closeDevices());
  afterAll(() => world.close());

  const notice = (more: Partial<Notice> = {}): Notice => ({
    workspaceId: 1,
    memberIds: [ann.id, bob.id, ann.id],
    action: 'rsvp',
    group: 'inbox',
    about: { type: 'Event', id: 5, title: 'Tea' },
    ...more,
  });
  const run = <T>(work: (manager: EntityManager) => Promise<T>): Promise<T> =>
    world.server.app.get(Transactions).run(work);
  const notify = (...notices: Notice[]): Promise<NotificationView[]> =>
    run((manager) => world.server.app.get(Notifications).notify(manager, ...notices));

  it('everybody meant is notified once, in the transaction of the change', async () => {
    const device = await world.device(bob, 1);
    const made = await notify(notice(), notice({ memberIds: [bob.id], action: 'like', actorId: ann.id }));
    expect(made.map(({ action, actor_name, notifiable_title }) => [action, actor_name, notifiable_title])).toEqual([
      ['rsvp', null, 'Tea'],
      ['rsvp', null, 'Tea'],
      ['like', 'Ann', 'Tea'],
    ]);
    expect(await haveOf(ann)).toEqual([['rsvp', 5]]);
    expect((await list(bob)).records).toEqual([made[2], made[1]]);
    expect(await device.heardInShort()).toEqual(['created rsvp', 'updated 1', 'created like', 'updated 2']);
  });

  it('a rollback takes it back, and outside of a transaction there is none', async () => {
    const notifications = world.server.app.get(Notifications);
    const failing = run(async (manager) => {
      await notifications.notify(manager, notice());
      throw new Error('on purpose');
    });
    await expect(failing).rejects.toThrow('on purpose');
    await expect(notifications.notify(world.server.app.get(DataSource).manager, notice())).rejects.toThrow();
    expect([await haveOf(ann), await haveOf(bob)]).toEqual([[], []]);
  });

  it('of a reason with a name a member is notified once, whatever became of it', async () => {
    const reason = { once: `order-${randomUUID()}` };
    expect(await notify(notice({ ...reason, memberIds: [ann.id] }), notice(reason))).toHaveLength(2);
    const device = await world.device(ann);
    await made(ann.http.delete(`${PATH}/${(await list(ann)).records[0]!.id}`));
    expect(await notify(notice(reason))).toEqual([]);
    expect(await notify(notice({ once: `order-${randomUUID()}` }))).toHaveLength(2);
    expect(await device.heardInShort()).toEqual(['deleted notification', 'updated 0', 'created rsvp', 'updated 1']);
  });

  it('saying it at the same time in several transactions notifies once', async () => {
    const once = `order-${randomUUID()}`;
    const all = await Promise.all(Array.from({ length: 6 }, () => notify(notice({ once }))));
    expect(all.flat()).toHaveLength(2);
    expect([await haveOf(ann), await haveOf(bob)]).toEqual([[['rsvp', 5]], [['rsvp', 5]]]);
  });

  it('nobody of another workspace is notified', async () => {
    await world.sql(`INSERT INTO workspaces (id, name) VALUES (9, 'Neighbours') ON CONFLICT DO NOTHING`);
    const email = `${randomUUID()}@example.com`;
    const wanted = { workspaceId: 9, email, name: 'Eve', passwordHash: 'none' };
    const { id } = await world.server.app.get(MembersService).create(wanted);
    expect(await notify(notice({ memberIds: [id] }))).toEqual([]);
    expect(await notify(notice({ memberIds: [ann.id], workspaceId: 9 }))).toEqual([]);
    expect(await notify(notice({ memberIds: [id], workspaceId: 9 }))).toHaveLength(1);
  });

  it('what is about a thing that goes is taken back, from everybody who has it', async () => {
    const id = 1_000 + ann.id;
    await notify(notice({ about: { type: 'Event', id } }), notice({ about: { type: 'Post', id } }));
    const [read] = (await list(bob, '?sort=oldest')).records;
    await act(bob, read!.id, 'archive');
    const devices = [await world.device(ann), await world.device(bob)] as const;
    await run((manager) =>
      world.server.app.get(Notifications).withdraw(manager, { workspaceId: 1, type: 'Event', ids: [id, 7] }),
    );
    expect(await devices[0].heardInShort()).toEqual(['deleted notification', 'updated 1']);
    expect(await devices[1].heardInShort()).toEqual(['deleted notification']);
    for (const person of [ann, bob]) {
      const { records } = await list(person);
      expect(records.map(({ notifiable_type }) => notifiable_type)).toEqual(['Post']);
    }
  });

  it('an event says who caused it, also when messages share a commit', async () => {
    const room = await openGroup(ann, [bob, world.boss]);
    const authors = [ann, bob, ann, bob];
    await Promise.all(
      authors.map(({ http }) => http.post(`/api${roomOf(room)}/messages`, { rich_text_body: mentioning(world.boss) })),
    );
    const events = await world.server.app.get(EventLog).read(`members/${world.boss.id}`, 0, 1000);
    const told = events.filter(
      ({ resource }) => (resource?.notifiable as { chat_room_uuid?: string })?.chat_room_uuid === room.uuid,
    );
    expect(told).toHaveLength(4);
    for (const event of told) {
      expect(event.author).toEqual({ member: event.resource!.actor_member_id });
      const badge = events.find(({ seq }) => seq === event.seq + 1)!;
      expect([badge.type, badge.author, badge.requestId]).toEqual([
        'notification_count',
        event.author,
        event.requestId,
      ]);
    }
  });

  it('a message that concerns nobody in particular asks for nothing about notifications', async () => {
    const room = await openGroup(ann, [bob]);
    const asked: string[] = [];
    const dataSource = world.server.app.get(DataSource);
    dataSource.subscribers.push({ beforeQuery: ({ query }: BeforeQueryEvent) => void asked.push(query) });
    const about = (): string[] => asked.splice(0).filter((query) => /notification|mention/.test(query));
    const root = await send(ann, room, 'one');
    await send(ann, room, 'two');
    const keyed = ann.http.with({ 'idempotency-key': randomUUID() });
    await made(keyed.post(`/api${roomOf(room)}/messages`, { body: 'three' }));
    expect(about()).toEqual([]);
    await send(bob, room, 'a reply', { parent_message_id: root.id });
    expect(about().length).toBeGreaterThan(0);
    dataSource.subscribers.pop();
  });
});
