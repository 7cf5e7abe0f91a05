import { DataSource, type EntityTarget, type ObjectLiteral } from 'typeorm';
import { Transactions } from '../src/database/transactions.js';
import { referenceOf } from '../src/dialects/daptin/live.references.js';
import { RealtimeSubscriber } from '../src/events/realtime.subscriber.js';
import { Member } from '../src/modules/members/index.js';
import { TopicDirectory } from '../src/realtime/topics/topic-directory.js';
import { LiveWorld, refusal } from './live.fixture.js';
import { addTo, openGroup, removeFrom, roomOf, send } from './support/chat.js';
import type { LiveClient, LiveFrame } from './support/live-client.js';
import { PASSWORD, type Person, register } from './support/people.js';

const ASKED = { question: 'Tea or coffee?', options: ['Tea', 'Coffee'] };
const HASH = /\$2[aby]\$|\$argon2|\$pbkdf2|\$scrypt/;

// Real: HTTP in, plain WebSockets out, on two nodes where the services of the run allow it.
describe('the rows of tables on /live', () => {
  let world: LiveWorld;
  let ann: Person;
  let bob: Person;

  beforeAll(async () => {
    world = await LiveWorld.open();
    [ann, bob] = (await world.people('Ann', 'Bob')) as [Person, Person];
    const schema = [
      { name: 'status', type: 'string' },
      { name: 'amount', type: 'integer' },
    ];
    await world.boss.http.post('/api/classes', { name: 'invoice', schema });
  });
  afterEach(() => world.hangUp());
  afterAll(() => world.close());

  const invoice = async (owner: Person, more: object): Promise<string> => {
    const { body, status } = await owner.http.post<{ id: number }>('/api/classes/invoice/objects', more);
    expect(status).toBe(201);
    return `/api/classes/invoice/objects/${body.id}`;
  };
  /** What came of a table before a last poll, which everybody hears of. */
  const before = async (client: LiveClient, topic: string): Promise<LiveFrame[]> => {
    if (!client.frames.some(({ ObjectType }) => ObjectType === topic)) await client.ask('ping');
    await client.ask('subscribe', { topic: 'members' });
    const last = await register(world.server.http, 'Last');
    await client.next(({ EventData }) => EventData.reference_id === referenceOf('members', last.id));
    await client.ask('unsubscribe', { topic: 'members' });
    return client.events(topic);
  };

  it('every table that has events has a topic, also that of a feature that says nothing about topics', () => {
    const { app } = world.server;
    const subscribers = app.get(DataSource).subscribers.filter((one) => one instanceof RealtimeSubscriber);
    const tables = subscribers.map(
      ({ entity }) => app.get(DataSource).getMetadata(entity as EntityTarget<ObjectLiteral>).tableName,
    );
    expect(tables.length).toBeGreaterThan(8);
    expect(app.get(TopicDirectory).tables).toEqual(expect.arrayContaining(tables));
    expect(tables).toContain('polls');
  });

  it('create, update and delete come in order, whole, flat, with versions and without our numbers', async () => {
    const client = await world.listen(bob, 'polls', {}, 1);
    const { body: poll } = await ann.http.post<{ id: number }>('/api/polls', ASKED);
    await bob.http.post(`/api/polls/${poll.id}/votes`, { option: 1 });
    await ann.http.delete(`/api/polls/${poll.id}`);
    await client.next(({ EventType }) => EventType === 'delete');
    const [created, updated, deleted] = client.events('polls');
    const reference_id = referenceOf('polls', poll.id);
    const { id: _ours, ...view } = poll as Record<string, unknown> & { id: number };
    expect(created).toEqual({
      MessageSource: 'database',
      EventType: 'create',
      ObjectType: 'polls',
      EventData: {
        ...view,
        __type: 'polls',
        reference_id,
        version: 1,
        updated_at: null,
        path: `/polls/${poll.id}`,
        created_at: expect.stringMatching(/Z$/) as string,
      },
    });
    expect(Object.keys(created!)).toEqual(['MessageSource', 'EventType', 'ObjectType', 'EventData']);
    expect(updated!.EventData).toMatchObject({ reference_id, version: 2, updated_at: expect.any(String) as string });
    expect(deleted).toEqual({
      MessageSource: 'database',
      EventType: 'delete',
      ObjectType: 'polls',
      EventData: { __type: 'polls', reference_id },
    });
    expect(client.events('polls')).toHaveLength(3);
  });

  it('an account is created, its password changed: no secret, no hash, in no frame of an administrator', async () => {
    const client = await world.listen(world.boss, 'user_account,members');
    const cy = await register(world.server.http, 'Cy');
    const changes = { password: 'another horse battery', current_password: PASSWORD };
    expect((await cy.http.patch('/api/me', changes)).status).toBe(200);
    await client.next(({ ObjectType, EventData }) => ObjectType === 'user_account' && EventData.version === 2);
    await client.ask('ping');
    const reference_id = referenceOf('members', cy.id);
    for (const topic of ['user_account', 'members']) {
      expect(client.events(topic).map(({ EventType }) => EventType)).toEqual(['create', 'update']);
      for (const { EventData } of client.events(topic))
        expect(EventData).toMatchObject({ __type: topic, reference_id });
    }
    const text = JSON.stringify(client.frames);
    expect(text).not.toMatch(HASH);
    expect(text).not.toMatch(/passw|secret|horse|@example/i);
  });

  it('a filter that names a secret is refused, and so is what is no filter', async () => {
    const client = await world.connect(world.boss);
    const many = Object.fromEntries(Array.from({ length: 33 }, (_none, index) => [`c${index}`, 1]));
    const bad = [{ password: 'x' }, { PASSWORD_HASH: null }, { api_key: 'x' }, { my_token: 1 }, { salt: null }];
    for (const filters of [...bad, { otp: 1 }, many, 'x', [], null, { EventType: 7 }, { a: {} }, { a: [1] }]) {
      expect(await refusal(client.ask('subscribe', { topic: 'user_account', filters }))).toBe('invalid filters');
    }
    expect(await before(client, 'user_account')).toEqual([]);
  });

  it('a row that only its owner may read: owner and administrator hear all of it, nobody else anything', async () => {
    const people = [ann, bob, world.boss];
    const [owner, other, boss] = await Promise.all(people.map((person) => world.listen(person, 'invoice', {}, 1)));
    const path = await invoice(ann, { status: 'open', amount: 5, other_permissions: 'none' });
    await ann.http.patch(path, { status: 'paid' });
    await ann.http.delete(path);
    for (const client of [owner!, boss!]) {
      await client.next(({ EventType }) => EventType === 'delete');
      expect(client.events('invoice').map(({ EventType }) => EventType)).toEqual(['create', 'update', 'delete']);
      expect(client.events('invoice')[1]!.EventData).toMatchObject({
        __type: 'invoice',
        status: 'paid',
        amount: 5,
        version: 2,
      });
    }
    expect(await before(other!, 'invoice')).toEqual([]);
    await invoice(ann, { status: 'open', other_permissions: 'read' });
    await other!.next(({ ObjectType, EventType }) => ObjectType === 'invoice' && EventType === 'create');
  });

  it('filters look at the row after the change, and at a deleted one as it was', async () => {
    const client = await world.listen(bob, 'invoice', { filters: { EventType: 'update', status: 'paid' } });
    const deletes = await world.listen(bob, 'invoice', { filters: { EventType: 'delete', amount: 7 } });
    const seven = await invoice(ann, { status: 'paid', amount: 7, other_permissions: 'full' });
    const eight = await invoice(ann, { status: 'paid', amount: 8, other_permissions: 'full' });
    await ann.http.patch(seven, { status: 'open' });
    await ann.http.patch(seven, { status: 'paid' });
    for (const path of [eight, seven]) await ann.http.delete(path);
    await deletes.next(({ EventType }) => EventType === 'delete');
    const [heard, ...more] = await before(client, 'invoice');
    expect(heard).toMatchObject({ EventType: 'update', EventData: { status: 'paid', version: 3 } });
    expect(more).toEqual([]);
    expect(await before(deletes, 'invoice')).toHaveLength(1);
  });

  it('values are compared with their type; null is what is not there', async () => {
    const wanted = [
      { amount: 1250 },
      { amount: '1250' },
      { status: null },
      { status: null, nothing: null },
      { nothing: 1 },
      { __type: 'invoice' },
      {},
    ];
    const clients = await Promise.all(wanted.map((filters) => world.listen(bob, 'invoice', { filters })));
    await invoice(ann, { amount: 1250, other_permissions: 'read' });
    const heard = await Promise.all(clients.map(async (client) => (await before(client, 'invoice')).length));
    expect(heard).toEqual([1, 0, 1, 1, 0, 1, 1]);
  });

  it('a write that rolls back is not told; the next one is told once', async () => {
    const client = await world.listen(bob, 'members', {}, 1);
    const rename = (name: string, fails: boolean): Promise<void> =>
      world.server.app.get(Transactions).run(async (manager) => {
        await manager.save(Object.assign(await manager.findOneByOrFail(Member, { id: ann.id }), { name }));
        if (fails) throw new Error('on purpose');
      });
    await expect(rename('Nobody', true)).rejects.toThrow('on purpose');
    await rename('Ann again', false);
    await client.next(({ EventType }) => EventType === 'update');
    expect(client.events('members').map(({ EventData }) => EventData.name)).toEqual(['Ann again']);
  });

  it('the rooms of chats: what is said in those that one is in, as one comes and goes', async () => {
    const topics = 'chat_rooms,chat_room_messages,chat_room_participants';
    const client = await world.listen(bob, topics, {}, 1);
    const filtered = await world.listen(bob, 'chat_room_messages', { filters: { EventType: 'update' } });
    const room = await openGroup(ann, []);
    await send(ann, room, 'before');
    await addTo(ann, room, bob);
    const said = await send(ann, room, 'while');
    await ann.http.patch(`/api${roomOf(room)}/messages/${said.id}`, { body: 'edited' });
    await ann.http.patch(`/api${roomOf(room)}`, { name: 'Renamed' });
    await client.next(({ ObjectType, EventType }) => ObjectType === 'chat_rooms' && EventType === 'update');
    await removeFrom(ann, room, bob);
    await client.next(({ ObjectType, EventType }) => ObjectType === 'chat_rooms' && EventType === 'delete');
    await send(ann, room, 'after');
    await openGroup(bob, []);
    await client.next(({ ObjectType, EventType }) => ObjectType === 'chat_rooms' && EventType === 'create');
    const messages = client.events('chat_room_messages').map(({ EventType, EventData }) => [EventType, EventData.body]);
    expect(messages).toEqual([
      ['create', 'while'],
      ['update', 'edited'],
    ]);
    await filtered.ask('ping');
    expect(filtered.events().map(({ EventData: { body, version } }) => [body, version])).toEqual([['edited', 2]]);
    const rooms = client
      .events('chat_rooms')
      .map(({ EventType, EventData: { version, name } }) => [EventType, version, name]);
    expect(rooms.slice(0, 3)).toEqual([
      ['create', 1, null],
      ['update', 2, 'Renamed'],
      ['delete', undefined, undefined],
    ]);
  });

  it('who loses sight of a table is told so, and hears nothing more of it', async () => {
    const { body: group } = await world.boss.http.post<{ id: number }>('/api/groups', { label: 'Readers' });
    const schema = [{ name: 'text', type: 'string' }];
    const readable = { name: 'memo', schema, group: group.id, group_permissions: 'read', other_permissions: 'none' };
    await world.boss.http.post('/api/classes', readable);
    await world.boss.http.post(`/api/groups/${group.id}/members`, { member_ids: [bob.id] });
    expect(await refusal((await world.connect(ann)).ask('subscribe', { topic: 'memo' }))).toBe(
      'permission denied: memo',
    );
    const client = await world.listen(bob, 'memo', {}, 1);
    await world.boss.http.delete(`/api/groups/${group.id}/members/${bob.id}`);
    const lost = await client.next(({ EventType }) => EventType === 'error');
    expect(lost).toMatchObject({ ObjectType: 'subscribe', EventData: { error: 'permission denied: memo' } });
    await world.boss.http.post('/api/classes/memo/objects', { text: 'x', other_permissions: 'read' });
    expect(await before(client, 'memo')).toEqual([]);
  });
});
