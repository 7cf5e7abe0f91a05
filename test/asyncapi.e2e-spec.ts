import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { Doors } from '../src/realtime/asyncapi/doors.js';
import { SessionRegistry } from '../src/realtime/session-registry.js';
import { PollsModule } from './polls/index.js';
import { BoardRooms, BoardsModule } from './support/boards.module.js';
import { CableClient } from './support/cable-client.js';
import { inboxOf, openGroup, roomOf, send, ticket } from './support/chat.js';
import { EventReader } from './support/event-source.js';
import { faults } from './support/frame-check.js';
import { type Person, register } from './support/people.js';
import { openSocket } from './support/socket-client.js';
import { startServer, type TestServer } from './support/start-server.js';

interface Channel {
  address: string;
  summary?: string;
  servers: { $ref: string }[];
  messages: Record<string, { name: string; payload?: { properties?: Record<string, object> } }>;
}

interface AsyncApi {
  servers: Record<string, { protocol: string }>;
  channels: Record<string, Channel>;
  operations: Record<string, { action: string; channel: { $ref: string }; messages: { $ref: string }[] }>;
  components: { schemas: Record<string, object> };
}

const FORMAT = 'node_modules/@asyncapi/specs/schemas/3.0.0-without-$id.json';
const DOORS = {
  actioncable: '/cable',
  daptin: '/live',
  msquared: '/api/realtime',
  'server-sent-events': '/api/events',
  'socket-io': '/socket',
};

// Real: the whole server, with features that only this test has.
describe('/asyncapi.json', () => {
  let server: TestServer;
  let document: AsyncApi;
  let ann: Person;

  beforeAll(async () => {
    server = await startServer({ modules: [PollsModule, BoardsModule] });
    document = (await server.http.get<AsyncApi>('/asyncapi.json')).body;
    ann = await register(server.http, 'Ann');
  });
  afterAll(() => server.close());

  /** What has been found wrong with what was sent; it is no fault of this file. */
  function taken(): string[] {
    const found = [...faults];
    faults.clear();
    return found;
  }

  it('is a document of AsyncAPI 3, without a login', () => {
    const format = JSON.parse(readFileSync(FORMAT, 'utf8')) as object;
    const check = new Ajv({ strict: false, validateFormats: false }).compile(format);
    check(document);
    expect(check.errors).toBeNull();
  });

  it('refers to nothing that is not there, and has only schemas that can be used', () => {
    const refs = [...JSON.stringify(document).matchAll(/"\$ref":"#\/([^"]+)"/g)].map(([, path]) => path!);
    const find = (path: string): unknown =>
      path.split('/').reduce<unknown>((part, name) => (part as Record<string, unknown> | undefined)?.[name], document);
    expect(refs.filter((path) => find(path) === undefined)).toEqual([]);
    expect(refs.length).toBeGreaterThan(100);

    const ajv = new Ajv({ strict: false, validateFormats: false }).addSchema(document, 'asyncapi');
    const messages = Object.values(document.channels).flatMap(({ messages }) => Object.values(messages));
    const payloads = messages.flatMap(({ payload }) => payload ?? []);
    for (const payload of payloads) {
      const text = JSON.stringify(payload).replaceAll('"#/components', '"asyncapi#/components');
      expect(() => ajv.compile(JSON.parse(text) as object)).not.toThrow();
    }
  });

  it('names every door with its address, what it takes and what it says', () => {
    for (const [name, address] of Object.entries(DOORS)) {
      expect(document.channels[name]).toMatchObject({ address, servers: [{ $ref: `#/servers/${name}` }] });
      expect(document.operations[`${name}.send`]!.messages.length).toBeGreaterThanOrEqual(5);
    }
    expect(Object.values(document.servers).map(({ protocol }) => protocol)).toEqual([
      'ws',
      'ws',
      'ws',
      'sse',
      'socket.io',
      'http',
      'http',
    ]);
    const doors = server.app.get(Doors).all();
    expect(doors.map(({ name }) => name).sort()).toEqual(Object.keys(document.servers));
    const join = document.channels['socket-io']!.messages['realtime.join']!;
    expect(Object.keys(join.payload!.properties!)).toEqual(['name', 'token', 'last_id', 'position', 'epoch']);
  });

  it('names every kind of room; those of a feature with who feeds them and what of the thing is shown', () => {
    const rooms = Object.values(document.channels).filter(({ address }) => !Object.values(DOORS).includes(address));
    const addresses = rooms.map(({ address }) => address).filter((address) => !address.startsWith('/v1.1'));
    expect(addresses).toEqual([
      '/boards/{board}',
      '/channels',
      '/channels/{name}',
      '/channels/{name}/rooms/{room}',
      '/chat-rooms/{uuid}',
      '/classes/{name}',
      '/members',
      '/members/{id}',
      '/ping',
      '/polls',
      '/polls/{id}',
      '/resources',
      '/resources/collections/{place}/private/{member}',
      '/resources/collections/{place}/public',
      '/resources/kv/{scope}/{place}/{member}/{store}/{name}',
      '/resources/live-config/{place}/{name}',
      '/resources/members/{id}',
      '/users/online',
      '/users/online/{workspace}',
    ]);
    const polls = rooms.find(({ address }) => address === '/polls/{id}')!;
    expect(polls).toMatchObject({
      summary: 'Fed by polls.',
      servers: [{ $ref: '#/servers/server-sent-events' }, { $ref: '#/servers/socket-io' }],
    });
    expect(polls.messages.poll!.payload!.properties).toMatchObject({
      type: { const: 'poll' },
      resource: { anyOf: [{ $ref: '#/components/schemas/Poll' }, { type: 'null' }] },
    });
    expect(document.components.schemas.Poll).toMatchObject({ properties: { results: { type: 'array' } } });
    expect(JSON.stringify(document.components.schemas.Poll)).not.toContain('"votes":{"type":"object"');
  });

  it('is the same each time, and on every server', async () => {
    const again = await server.http.get('/asyncapi.json');
    expect(JSON.stringify(again.body)).toBe(JSON.stringify(document));
    const other = await startServer({ modules: [BoardsModule, PollsModule] });
    expect(JSON.stringify((await other.http.get('/asyncapi.json')).body)).toBe(JSON.stringify(document));
    await other.close();
  });

  it('is what the doors are held to: a frame that it does not describe is found, at each of them', async () => {
    const socket = await (await openSocket(server.url)).authenticate(ann.token);
    const cable = await CableClient.open(server.url, { token: ann.token });
    const events = await EventReader.open(`${server.url}/api/events?rooms=/channels&access_token=${ann.token}`);
    await events.next(({ event }) => event === 'ready');
    expect(taken()).toEqual([]);
    const frames = ['42["realtime:leave:success",{"name":"/x","why":"hush"}]', '{"type":"ping","message":"hush"}'];
    frames.push('event: revoked\ndata: {"room":7,"hush":"hush"}\n\n');
    for (const session of server.app.get(SessionRegistry).all()) {
      const text = frames.find((frame) => frame.startsWith({ twake: '42', circle: '{' }[session.dialect.name] ?? 'e'));
      session.send(text!);
    }
    await socket.next('realtime:leave:success');
    await cable.pinged(1);
    await events.next(({ event }) => event === 'revoked');
    const found = taken().sort();
    expect(found).toEqual([
      'actioncable sent "a frame" with {type ping, message}, which it does not describe',
      'server-sent-events sent "revoked" with {room, hush}: room invalid_type, unrecognized_keys hush',
      'socket-io sent "realtime:leave:success" with {name, why}: unrecognized_keys why',
    ]);
    [socket, cable, events].forEach((client) => client.close());
  });

  it('is what the rooms are held to: an event that nobody has announced for its room is found', async () => {
    const room = await openGroup(ann, []);
    const client = await (await openSocket(server.url)).authenticate(ann.token);
    for (const name of [roomOf(room), inboxOf(ann), '/boards/x']) await client.join(name, await ticket(ann, name));
    await send(ann, room, 'as it should be');
    await server.app.get(BoardRooms).publish('x', 'of which nothing is said');
    await client.next('realtime:resource', ({ type }) => type === 'card');
    expect(taken()).toEqual([]);
    const [session] = server.app.get(SessionRegistry).all();
    const { dialect } = session!;
    const [event] = await server.app.get(BoardRooms).publish('y', 'text');
    session!.send(dialect.event(event!, roomOf(room)));
    await client.next('realtime:resource', ({ type }) => type === 'card');
    expect(taken()).toEqual([expect.stringContaining('sent "an event of the type card in /chat-rooms/…"') as string]);
    client.close();
  });
});
