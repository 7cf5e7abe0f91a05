import {
  addTo,
  inboxOf,
  type MessagePage,
  type MessageRecord,
  openDirect,
  openGroup,
  roomOf,
  type RoomRecord,
  send,
  ticket,
} from './support/chat.js';
import { ADMIN } from './support/nodes.js';
import { logIn, type Person, register } from './support/people.js';
import { openSocket, type ResourceFrame, type SocketClient } from './support/socket-client.js';
import { startServer, type TestServer } from './support/start-server.js';

type Payload = Record<string, unknown>;

const said =
  (body: string) =>
  (payload: Payload): boolean =>
    (payload.resource as Payload).body === body;
const messages = (frames: ResourceFrame[]): ResourceFrame[] => frames.filter(({ type }) => type === 'message');
const bodies = (frames: ResourceFrame[]): unknown[] => messages(frames).map(({ resource }) => resource.body);

// Real: HTTP and the stock client, as an application uses them.
describe('a conversation', () => {
  let server: TestServer;
  let boss: Person;
  let ann: Person;
  let bob: Person;
  const open: SocketClient[] = [];

  beforeAll(async () => {
    server = await startServer({ env: { ADMIN_EMAIL: ADMIN.email, ADMIN_PASSWORD: ADMIN.password } });
    boss = await logIn(server.http, ADMIN.email, ADMIN.password);
  });
  beforeEach(async () => {
    [ann, bob] = [await register(server.http, 'Ann'), await register(server.http, 'Bob')];
  });
  afterEach(() => open.splice(0).forEach((client) => client.close()));
  afterAll(() => server.close());

  async function connect(person: Person, ...rooms: string[]): Promise<SocketClient> {
    const client = await (await openSocket(server.url)).authenticate(person.token);
    open.push(client);
    for (const room of rooms) await client.join(room, await ticket(person, room));
    return client;
  }

  async function list(person: Person, room: RoomRecord, query = ''): Promise<MessagePage> {
    return (await person.http.get<MessagePage>(`/api${roomOf(room)}/messages${query}`)).body;
  }

  it('of two who have just registered: both hear of the room, both hear every word, once and in order', async () => {
    const clients = [await connect(ann, inboxOf(ann)), await connect(bob, inboxOf(bob))] as const;
    const room = await openDirect(ann, bob);
    for (const client of clients) {
      const told = await client.next('realtime:resource', ({ type }) => type === 'chat_room');
      expect(told).toMatchObject({ action: 'created', path: roomOf(room), resource: { id: room.id, uuid: room.uuid } });
    }
    expect(clients.map((client) => (client.resources().at(-1)!.resource as Payload).chat_room_name)).toEqual([
      'Bob',
      'Ann',
    ]);
    await clients[0].join(roomOf(room), await ticket(ann, roomOf(room)));
    await clients[1].join(roomOf(room), await ticket(bob, roomOf(room)));

    const message = await send(ann, room, 'hello');
    await send(bob, room, 'hi');
    for (const client of clients) {
      await client.next('realtime:resource', said('hi'));
      expect(bodies(client.resources(roomOf(room)))).toEqual(['hello', 'hi']);
      expect(messages(client.resources(roomOf(room)))[0]).toMatchObject({
        action: 'created',
        path: `${roomOf(room)}/messages/${message.id}`,
        resource: message,
      });
    }
  });

  it('is read as a list and then joined from its position: nothing missed, nothing twice, while others write', async () => {
    const room = await openGroup(ann, [bob]);
    let writing = true;
    let sent = 0;
    const writer = (async () => {
      while (writing) await send(bob, room, `${(sent += 1)}`);
    })();
    for (let round = 0; round < 10; round += 1) {
      const { records, position, epoch } = await list(ann, room, '?limit=100');
      const last = records.at(-1)?.body ?? '0';
      const client = await connect(ann);
      await client.join(roomOf(room), await ticket(ann, roomOf(room)), { position, epoch });
      const enough = String(sent + 3);
      await client.next('realtime:resource', said(enough));
      const heard = bodies(client.resources(roomOf(room))).map(Number);
      expect(heard).toEqual(heard.map((_body, index) => Number(last) + 1 + index));
      client.close();
    }
    writing = false;
    await writer;
  });

  it('is edited, answered and deleted: everybody sees each step, and a later reader what is left', async () => {
    const room = await openGroup(ann, [bob]);
    const client = await connect(bob, roomOf(room));
    const root = await send(ann, room, 'frist');
    const messagesPath = `/api${roomOf(room)}/messages`;
    const edited = await ann.http.patch<MessageRecord>(`${messagesPath}/${root.id}`, { body: 'first' });
    expect(edited).toMatchObject({
      status: 200,
      body: { id: root.id, body: 'first', edited_at: expect.any(String) as string },
    });
    const reply = await send(bob, room, 'second', { parent_message_id: root.id });
    expect(reply).toMatchObject({ parent_message_id: root.id, chat_thread_id: expect.any(Number) as number });
    expect((await bob.http.patch(`${messagesPath}/${root.id}`, { body: 'mine' })).status).toBe(403);
    expect((await ann.http.delete(`${messagesPath}/${root.id}`)).status).toBe(204);
    await send(ann, room, 'last');
    await client.next('realtime:resource', said('last'));

    const seen = messages(client.resources(roomOf(room)));
    expect(seen.map(({ action, resource }) => [action, resource.id, resource.body])).toEqual([
      ['created', root.id, 'frist'],
      ['updated', root.id, 'first'],
      ['created', reply.id, 'second'],
      ['deleted', root.id, undefined],
      ['deleted', reply.id, undefined],
      ['created', seen.at(-1)!.resource.id, 'last'],
    ]);
    const ids = client.resources(roomOf(room)).map(({ id }) => id);
    expect(ids).toEqual(ids.map((_id, index) => ids[0]! + index));
    expect((await list(bob, room)).records.map(({ body }) => body)).toEqual(['last']);
  });

  it('is the same for a retry: one message, one event', async () => {
    const room = await openDirect(ann, bob);
    const client = await connect(bob, roomOf(room));
    const creation_uuid = '7b0d9a44-5b3d-4f0e-9d0a-0f6a3c1e9b11';
    const tries = await Promise.all([1, 2, 3, 4].map(() => send(ann, room, 'once', { creation_uuid })));
    expect(new Set(tries.map(({ id }) => id)).size).toBe(1);
    await send(ann, room, 'then');
    await client.next('realtime:resource', said('then'));
    expect(bodies(client.resources(roomOf(room)))).toEqual(['once', 'then']);
  });

  it('without history shows a late joiner only what GET shows, live and replayed from 0', async () => {
    const room = await openGroup(ann, [], { show_history: false });
    const early = await send(ann, room, 'before you came');
    const alsoEarly = await send(ann, room, 'also before');
    await addTo(ann, room, bob);
    await send(ann, room, 'welcome');
    const path = `/api${roomOf(room)}/messages`;
    await ann.http.patch(`${path}/${early.id}`, { body: 'secretly changed' });
    await send(ann, room, 'an answer to what you cannot see', { parent_message_id: early.id });
    await ann.http.delete(`${path}/${alsoEarly.id}`);

    const client = await connect(bob);
    await client.join(roomOf(room), await ticket(bob, roomOf(room)), { last_id: 0 });
    await ann.http.patch(`${path}/${early.id}`, { body: 'changed again' });
    await send(ann, room, 'the end');
    await client.next('realtime:resource', said('the end'));
    const shown = (await list(bob, room)).records;
    expect(messages(client.resources(roomOf(room))).map(({ resource }) => [resource.id, resource.body])).toEqual(
      shown.map(({ id, body }) => [id, body]),
    );
    const everything = JSON.stringify(client.frames);
    for (const hidden of ['before you came', 'also before', 'changed']) expect(everything).not.toContain(hidden);
    for (const { id } of [early, alsoEarly]) expect((await bob.http.get(`${path}/${id}`)).status).toBe(404);
  });

  it('hides its history from those who are there, as soon as the room is changed', async () => {
    const room = await openGroup(ann, []);
    const early = await send(ann, room, 'old');
    await addTo(ann, room, bob);
    const client = await connect(bob, roomOf(room));
    await ann.http.patch(`/api${roomOf(room)}`, { show_history: false });
    await ann.http.patch(`/api${roomOf(room)}/messages/${early.id}`, { body: 'old, changed' });
    await send(ann, room, 'new');
    await client.next('realtime:resource', said('new'));
    expect(bodies(client.resources(roomOf(room)))).toEqual(['new']);
  });

  it('in a channel with separate rooms is heard in its own room alone, and by the history', async () => {
    const name = 'support';
    const settings = { name, type: 'separate_rooms', custom_publish: true, other_permissions: 'publish' };
    expect((await boss.http.post('/api/channels', settings)).status).toBe(201);
    const [one, two] = [`/channels/${name}/rooms/one`, `/channels/${name}/rooms/two`];
    const [inOne, inTwo] = [await connect(ann, one), await connect(bob, two)];
    const publish = (room: string, text: string) =>
      ann.http.post<Payload>(`/api/channels/${name}/publish`, { room, payload: { text } });
    const first = await publish('one', 'to one');
    expect(first).toMatchObject({ status: 201, body: { room: 'one', action: 'custom', payload: { text: 'to one' } } });
    await publish('two', 'to two');
    const told = (text: string) => (payload: Payload) =>
      ((payload.resource as Payload).payload as Payload | undefined)?.text === text;
    expect(await inOne.next('realtime:resource', told('to one'))).toMatchObject({ id: first.body.id, room: one });
    await inTwo.next('realtime:resource', told('to two'));
    expect(JSON.stringify(inTwo.frames)).not.toContain('to one');
    await publish('one', 'the end');
    await inOne.next('realtime:resource', told('the end'));
    expect(JSON.stringify(inOne.frames)).not.toContain('to two');

    const { body } = await ann.http.get<{ records: Payload[]; position: number }>(
      `/api/channels/${name}/history?room=one`,
    );
    expect(body.records.map(({ payload }) => (payload as Payload).text)).toEqual(['the end', 'to one']);
    const late = await connect(bob);
    await late.join(one, await ticket(bob, one), { last_id: 0 });
    await late.next('realtime:resource', told('the end'));
    expect(late.resources(one).map(({ id }) => id)).toEqual(body.records.map(({ id }) => id).reverse());
  });

  it('39: replies bring room tickets along when they are asked to, and otherwise do not name them', async () => {
    const room = await openDirect(ann, bob);
    const wanted: [string, string][] = [
      [`/api${roomOf(room)}/messages`, roomOf(room)],
      [`/api${roomOf(room)}`, roomOf(room)],
      ['/api/chat-rooms', roomOf(room)],
      ['/api/me', inboxOf(ann)],
      ['/api/channels', '/channels'],
    ];
    for (const [path, name] of wanted) {
      for (const plain of [path, `${path}?websockets=0`]) {
        expect(Object.keys((await ann.http.get(plain)).body)).not.toContain('websockets');
      }
      const { body } = await ann.http.get<{ websockets: { room: string; token: string }[] }>(`${path}?websockets=1`);
      const { token } = body.websockets.find((each) => each.room === name)!;
      const client = await connect(ann);
      await client.join(name, token);
      const stranger = await connect(bob);
      stranger.emit('realtime:join', { name, token });
      expect(await stranger.next('realtime:join:error')).toMatchObject({ name, code: 'room.forbidden' });
    }
  });
});
