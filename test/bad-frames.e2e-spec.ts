import { inboxOf, openGroup, roomOf, type RoomRecord, send, ticket } from './support/chat.js';
import { type Person, register } from './support/people.js';
import { frame, RawWebSocket } from './support/raw-web-socket.js';
import { openSocket, type SocketClient } from './support/socket-client.js';
import { startServer, type TestServer } from './support/start-server.js';

type Payload = Record<string, unknown>;

const nested = (depth: number): unknown => JSON.parse('['.repeat(depth) + ']'.repeat(depth));

const MALFORMED: [string, unknown][] = [
  ['nothing', undefined],
  ['null', null],
  ['a text', 'text'],
  ['a number', 42],
  ['true', true],
  ['a list', []],
  ['an empty object', {}],
  ['an empty name', { name: '', token: 'x' }],
  ['a name that is a number', { name: 7, token: 'x' }],
  ['a name that is an object', { name: { toString: 'x' }, token: 'x' }],
  ['something deep', nested(2_000)],
  ['bytes', Buffer.from([0, 1, 2, 255])],
  ['an object with bytes', { name: Buffer.from('x'), token: Buffer.from('y') }],
];

// Real: the whole server, the stock client, and a client that speaks WebSocket without manners.
describe('bad input over Socket.IO', () => {
  let server: TestServer;
  let ann: Person;
  let bob: Person;
  let group: RoomRecord;
  let room: string;
  let witness: SocketClient;
  let heard = 0;
  const open: { close(): void }[] = [];

  beforeAll(async () => {
    server = await startServer();
    [ann, bob] = [await register(server.http, 'Ann'), await register(server.http, 'Bob')];
    group = await openGroup(ann, [bob]);
    room = roomOf(group);
    witness = await connectAs(bob, []);
    open.splice(0);
    await witness.join(room, await ticket(bob, room));
  });
  /** Whatever happened: others go on hearing each other, and miss nothing. */
  afterEach(async () => {
    open.splice(0).forEach((client) => client.close());
    const body = `after ${(heard += 1)}`;
    await send(ann, group, body);
    await witness.next('realtime:resource', ({ resource }) => (resource as Payload).body === body);
    const ids = witness.resources(room).map(({ id }) => id);
    expect(ids).toEqual(ids.map((_id, index) => ids[0]! + index));
  });
  afterAll(async () => {
    witness.close();
    await server.close();
  });

  async function connectAs(person: Person, rooms: string[]): Promise<SocketClient> {
    const client = await (await openSocket(server.url)).authenticate(person.token);
    open.push(client);
    for (const name of rooms) await client.join(name, await ticket(person, name));
    return client;
  }

  async function raw(): Promise<RawWebSocket> {
    const client = await RawWebSocket.open(server.url);
    open.push(client);
    return client;
  }

  /** The client is still served. */
  async function expectAlive(client: SocketClient, person: Person): Promise<void> {
    await client.join(inboxOf(person), await ticket(person, inboxOf(person)));
    expect(client.socket.connected).toBe(true);
  }

  it.each(['realtime:join', 'realtime:leave', 'realtime:event'])(
    '%s with payloads that make no sense is answered with an error each, and the socket stays',
    async (event) => {
      const client = await connectAs(ann, []);
      for (const [, payload] of MALFORMED) client.emit(event, ...(payload === undefined ? [] : [payload]));
      await expectAlive(client, ann);
      expect(client.count(`${event}:error`)).toBe(MALFORMED.length);
      for (const { payload } of client.frames.filter((each) => each.event === `${event}:error`)) {
        expect(payload).toMatchObject({ message: expect.any(String) as string });
      }
    },
  );

  it.each<[string, Payload]>([
    ['negative', { last_id: -1 }],
    ['fractional', { last_id: 1.5 }],
    ['text', { last_id: '1' }],
    ['beyond all numbers', { last_id: 1e300 }],
    ['a list', { last_id: [] }],
    ['an object without a number', { position: { epoch: 'x' } }],
    ['of an epoch that is a number', { last_id: 1, epoch: 5 }],
  ])('a position that is %s is refused, and the room can still be joined', async (_kind, more) => {
    const client = await connectAs(ann, []);
    const token = await ticket(ann, room);
    client.emit('realtime:join', { name: room, token, ...more });
    expect(await client.next('realtime:join:error')).toMatchObject({ name: room, code: 'request.invalid' });
    await client.join(room, token);
  });

  it('rooms that do not exist, and names that are none, are refused alike', async () => {
    const client = await connectAs(ann, []);
    const uuid = group.uuid;
    const names = [
      '/',
      '//',
      '/nothing',
      'chat-rooms',
      '/chat-rooms/',
      `/chat-rooms/${uuid}/`,
      `/chat-rooms/${uuid}/x`,
    ];
    names.push(`/chat-rooms/${uuid.toUpperCase()}`, '/chat-rooms/00000000-0000-4000-8000-000000000000', '/members/0');
    names.push(
      `/members/${bob.id}`,
      `/members/0${ann.id}`,
      '/members/9'.padEnd(40, '9'),
      '/members/1e1',
      '/channels/a/b',
    );
    names.push(
      '/channels/%ff',
      '/channels/%00',
      '/channels/\u0000',
      '/channels/\ud800',
      '/channels/..%2fx',
      'x'.repeat(600_000),
    );
    names.push(
      '/boards/__proto__',
      '/channels/constructor',
      '/chat-rooms/../members/1',
      ' /channels',
      '/channels ',
      'access',
    );
    const tokens = ['x', await ticket(ann, room), ann.token];
    const answers: unknown[] = [];
    for (const name of names) {
      for (const token of tokens) {
        client.emit('realtime:join', { name, token, last_id: 0 });
        const { message, code } = await client.next('realtime:join:error');
        answers.push([message, code]);
      }
      const reply = await ann.http.post('/api/realtime/tokens', { rooms: [name] });
      expect([name.slice(0, 80), [400, 403].includes(reply.status)]).toEqual([name.slice(0, 80), true]);
    }
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    await expectAlive(client, ann);
  });

  it('thousands of joins: those beyond the limit are refused, the rest holds, others feel nothing', async () => {
    const client = await connectAs(ann, [room]);
    const token = await ticket(ann, room);
    for (let index = 0; index < 5_000; index += 1) client.emit('realtime:join', { name: room, token });
    for (let index = 0; index < 5_000; index += 1) client.emit('realtime:join', { name: `/none/${index}`, token: 'x' });
    await client.next('realtime:join:error', ({ name }) => name === '/none/4999');
    expect(client.count('realtime:join:success')).toBe(5_001);
    expect(client.count('realtime:join:error')).toBe(5_000);
    await expectAlive(client, ann);
    await send(bob, group, 'once');
    await client.next('realtime:resource', ({ resource }) => (resource as Payload).body === 'once');
    expect(client.resources(room).filter(({ resource }) => resource.body === 'once')).toHaveLength(1);
  });

  it('a flood that nobody could answer ends its own connection, not the server', async () => {
    const client = await raw();
    client.emit('authenticate', { token: ann.token });
    await client.heard('authenticated');
    const one = frame(Buffer.from(`42${JSON.stringify(['realtime:join', { name: '/none', token: 'x' }])}`), 1);
    client.stopReading();
    const flood = Buffer.concat(Array.from({ length: 1_000 }, () => one));
    // Answers to these are more than any system keeps on the way.
    for (let index = 0; index < 100; index += 1) await client.write(flood);
    client.readOn();
    await client.closed;
  });

  it('joins and leaves in one burst end as the last of them says', async () => {
    const client = await connectAs(ann, []);
    const token = await ticket(ann, room);
    for (let index = 0; index < 300; index += 1) {
      client.emit('realtime:join', { name: room, token, last_id: 0 }).emit('realtime:leave', { name: room });
    }
    await expectAlive(client, ann);
    const before = client.resources(room).length;
    await send(bob, group, 'to nobody');
    await witness.next('realtime:resource', ({ resource }) => (resource as Payload).body === 'to nobody');
    await expectAlive(client, ann);
    expect(client.resources(room)).toHaveLength(before);
  });

  it.each<[string, (client: RawWebSocket) => unknown]>([
    ['bytes that are no frame', (client) => client.write(Buffer.from('GET / HTTP/1.1\r\n\r\n'))],
    ['a frame without a mask', (client) => client.write(Buffer.from([0x81, 0x02, 0x34, 0x32]))],
    ['a reserved opcode', (client) => client.send('42', 3)],
    ['text that is no UTF-8', (client) => client.write(frame(Buffer.from([0x34, 0x32, 0xff, 0xfe]), 1))],
    ['a frame of 2 MiB', (client) => client.send(`42["realtime:join",{"name":"${'x'.repeat(2 * 1024 * 1024)}"}]`)],
    ['a length of 2^62', (client) => client.write(Buffer.from([0x81, 0xff, 0x40, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]))],
    ['a packet of no known type', (client) => client.send('9')],
    ['JSON that ends too early', (client) => client.send('42["realtime:join",{')],
    ['an event without a name', (client) => client.send('42[]')],
    ['an event whose name is an object', (client) => client.send('42[{"a":1}]')],
    ['an event that only the server has', (client) => client.send('42["connect_error",{}]')],
    ['no JSON at all', (client) => client.send('42realtime:join')],
    ['a number instead of an event', (client) => client.send('4242')],
    ['a promise of bytes that do not come', (client) => client.send('4599999999-["x",{"_placeholder":true,"num":0}]')],
    ['bytes that nobody announced', (client) => client.send(Buffer.alloc(10_000, 7))],
    ['a namespace that does not exist', (client) => client.send('40/nowhere,')],
    [
      'JSON as deep as it gets',
      (client) => client.send(`42["realtime:join",${'['.repeat(100_000)}${']'.repeat(100_000)}]`),
    ],
  ])('%s costs the sender the connection at most', async (_kind, misbehave) => {
    const client = await raw();
    misbehave(client);
    // Either it is over, or the connection goes on as if nothing had been.
    client.emit('authenticate', { token: 'junk' });
    await Promise.race([client.closed, client.heard('unauthorized')]);
  });

  it.each(['/nothing', '/api/realtime', '/socket/?EIO=9&transport=websocket'])(
    'a client that is refused at %s and breaks off at once harms nobody',
    async (path) => {
      for (let time = 0; time < 20; time += 1) (await RawWebSocket.connect(server.url, path)).reset();
    },
  );

  it('handshakes that are wrong are answered and ended', async () => {
    for (const path of [
      '/socket/',
      '/socket/?EIO=9&transport=websocket',
      '/socket/?EIO=4&transport=smoke',
      '/socket/?EIO=4&transport=polling&sid=none',
    ]) {
      const response = await fetch(server.url + path);
      expect(response.status).toBe(400);
      await response.text();
    }
    const response = await fetch(`${server.url}/socket/?EIO=4&transport=polling`, {
      method: 'POST',
      body: 'x'.repeat(2e6),
    });
    expect(response.status).toBeGreaterThanOrEqual(400);
  });
});
