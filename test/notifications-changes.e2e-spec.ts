import { randomUUID } from 'node:crypto';
import type { Identity } from '../src/auth/identity.js';
import { Transactions } from '../src/database/transactions.js';
import { MessageSending } from '../src/modules/messages/index.js';
import {
  act,
  countOf,
  haveOf as have,
  list,
  made,
  mentioning,
  NotificationWorld,
  outcome,
  PATH,
} from './notifications.fixture.js';
import { type MessageRecord, openGroup, roomOf, type RoomRecord, send } from './support/chat.js';
import type { Person } from './support/people.js';

// Real: HTTP in, the stock Socket.IO client out, on two nodes where the services of the run allow it.
describe('notifications of chat messages that are sent again, edited and deleted', () => {
  let world: NotificationWorld;
  let ann: Person;
  let bob: Person;
  let cy: Person;
  let room: RoomRecord;

  beforeAll(async () => {
    world = await NotificationWorld.open();
  });
  beforeEach(async () => {
    [ann, bob, cy] = (await world.people('Ann', 'Bob', 'Cy')) as [Person, Person, Person];
    room = await openGroup(ann, [bob, cy], { name: 'Crew' });
  });
  afterEach(() => world.closeDevices());
  afterAll(() => world.close());

  const mention = (author: Person, people: Person[], more: object = {}): Promise<MessageRecord> =>
    send(author, room, '', { rich_text_body: mentioning(...people), ...more });
  const edit = ({ id }: MessageRecord, ...people: Person[]): Promise<MessageRecord> =>
    made(ann.http.patch(`/api${roomOf(room)}/messages/${id}`, { rich_text_body: mentioning(...people) }));
  const remove = (who: Person, { id }: MessageRecord): Promise<unknown> =>
    made(who.http.delete(`/api${roomOf(room)}/messages/${id}`));
  const identity = ({ id }: Person): Identity => ({
    kind: 'member',
    memberId: id,
    workspaceId: 1,
    administrator: false,
  });

  it('a rollback notifies nobody', async () => {
    const device = await world.device(bob);
    const [transactions, sending] = [world.server.app.get(Transactions), world.server.app.get(MessageSending)];
    const failing = transactions.run(async () => {
      await sending.send(identity(ann), room.uuid, { rich_text_body: mentioning(bob) });
      throw new Error('on purpose');
    });
    await expect(failing).rejects.toThrow('on purpose');
    // The same of a savepoint inside a transaction that goes on.
    await transactions.run(async () => {
      const attempt = transactions.run(async () => {
        await sending.send(identity(ann), room.uuid, { rich_text_body: mentioning(bob) });
        throw new Error('on purpose');
      });
      await expect(attempt).rejects.toThrow('on purpose');
      await sending.send(identity(ann), room.uuid, { rich_text_body: mentioning(cy) });
    });
    expect(await device.heard()).toEqual([]);
    expect([await have(bob), (await countOf(bob)).new_notifications_count, (await have(cy)).length]).toEqual([
      [],
      0,
      1,
    ]);
  });

  it('a retry notifies nobody twice', async () => {
    const device = await world.device(bob);
    const body = { rich_text_body: mentioning(bob), creation_uuid: randomUUID() };
    const path = `/api${roomOf(room)}/messages`;
    const replies = await Promise.all(Array.from({ length: 8 }, () => ann.http.post(path, body)));
    expect(replies.map(({ status }) => status).sort()).toEqual([...Array<number>(7).fill(200), 201]);
    expect((await ann.http.post(path, body)).status).toBe(200);
    expect(await device.heardInShort()).toEqual(['created mention', 'updated 1']);
  });

  it('messages that share a commit each tell their own badge', async () => {
    const device = await world.device(bob);
    const author = world.server.http.as(ann.token);
    const sent = Array.from({ length: 12 }, (_, number) =>
      author.post(`/api${roomOf(room)}/messages`, number % 3 ? { rich_text_body: mentioning(bob) } : { body: 'hello' }),
    );
    for (const { status } of await Promise.all(sent)) expect(status).toBe(201);
    const told = Array.from({ length: 8 }, (_, index) => ['created mention', `updated ${index + 1}`]).flat();
    expect(await device.heardInShort()).toEqual(told);
  });

  it('an edit notifies those whom it newly mentions, once', async () => {
    const message = await mention(ann, [bob]);
    const devices = [await world.device(bob), await world.device(cy)] as const;
    await edit(message, bob, cy);
    await edit(message, bob);
    await edit(message, cy, bob);
    expect([await devices[0].heard(), await devices[1].heardInShort()]).toEqual([[], ['created mention', 'updated 1']]);
    // Not even when they have thrown it away.
    const [record] = (await list(cy)).records;
    await made(cy.http.delete(`${PATH}/${record!.id}`));
    await edit(message, bob);
    await edit(message, bob, cy);
    expect(await have(cy)).toEqual([]);
    expect(await have(bob)).toEqual([['mention', message.id]]);
  });

  it('an edit does not notify those again whom the message has reached as a reply', async () => {
    const root = await mention(bob, []);
    const reply = await send(ann, room, 'a reply', { parent_message_id: root.id });
    await edit(reply, bob);
    expect(await have(bob)).toEqual([['reply', reply.id]]);
  });

  it('a deleted message takes its notifications with it, and those of its replies, and the badge follows', async () => {
    const root = await mention(ann, [bob, cy]);
    const reply = await mention(bob, [cy], { parent_message_id: root.id });
    const other = await mention(ann, [cy]);
    const [first] = (await list(bob)).records;
    await act(bob, first!.id, 'mark_as_read');
    const devices = [await world.device(ann), await world.device(bob), await world.device(cy, 1)] as const;
    await remove(ann, root);
    const heard = await Promise.all(devices.map((device) => device.heard()));
    const story = heard.map((frames) =>
      frames.map(({ action, type, resource }) => [
        type,
        action,
        resource.new_notifications_count ?? Object.keys(resource),
      ]),
    );
    expect(story).toEqual([
      [
        ['notification', 'deleted', ['id']],
        ['notification_count', 'updated', 0],
      ],
      // It had been read, so it did not count any more.
      [['notification', 'deleted', ['id']]],
      [
        ['notification', 'deleted', ['id']],
        ['notification', 'deleted', ['id']],
        ['notification_count', 'updated', 1],
      ],
    ]);
    expect([await have(ann), await have(bob), await have(cy)]).toEqual([[], [], [['mention', other.id]]]);
    expect(reply.id).toBeLessThan(other.id);
    expect(await outcome(bob.http.get(`${PATH}/${first!.id}`))).toEqual([404, 'notification.not_found']);
  });
});
