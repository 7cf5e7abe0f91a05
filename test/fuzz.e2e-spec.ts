import { connect } from 'node:net';
import { Logger } from '@nestjs/common';
import { SessionRegistry } from '../src/realtime/session-registry.js';
import { DOORS, type FuzzedDoor, type Troublemaker } from './fuzz.fixture.js';
import { CableClient } from './support/cable-client.js';
import { openGroup, roomOf, type RoomRecord, send, ticket } from './support/chat.js';
import { EventReader } from './support/event-source.js';
import { Dice, Mutations } from './support/fuzz.js';
import { type Person, register } from './support/people.js';
import { frame, type RawWebSocket } from './support/raw-web-socket.js';
import { openSocket, type SocketClient } from './support/socket-client.js';
import { startServer, type TestServer } from './support/start-server.js';

const SEED = 20_261_121;
const FRAMES = 100_000;
/** Frames that one connection sends, before the one that may end it. */
const BATCH = 500;
const AT_ONCE = 4;
const CALM_EVERY = 5;

/** What ends a connection, or not: nobody has to answer it. */
const JUNK: ((client: RawWebSocket, dice: Dice, broken: () => string) => unknown)[] = [
  (client, _dice, broken) => client.send(broken()),
  (client, dice) => client.send(Buffer.from(Array.from({ length: 64 }, () => dice.below(256)))),
  (client, dice) => client.write(Buffer.from(Array.from({ length: 64 }, () => dice.below(256)))),
  (client) => client.write(frame(Buffer.from([0x34, 0x32, 0xff, 0xfe]), 1)),
  (client) => client.write(Buffer.from([0x81, 0x02, 0x34, 0x32])),
  (client) => client.send('reserved', 3),
  (client) => client.send('a continuation of nothing', 0),
  (client) => client.send(Buffer.alloc(200, 1), 9),
  (client) => client.send(Buffer.from([0x03]), 8),
  (client) => client.write(Buffer.from([0x81, 0xff, 0x40, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0])),
  (client) => client.write(frame(Buffer.alloc(1_100_000, 0x20), 1)),
  (client, dice, broken) => client.write(frame(Buffer.from(broken()), 1).subarray(0, 2 + dice.below(8))),
  (client) => client.close(),
];

/** What is sent instead of a handshake, or of the rest of one. */
const HANDSHAKES = [
  '',
  'Connection: Upgrade\r\n',
  'Connection: Upgrade\r\nUpgrade: websocket\r\n\r\n',
  'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 99\r\nSec-WebSocket-Key: x\r\n\r\n',
  'Connection: Upgrade\r\nUpgrade: h2c\r\nSec-WebSocket-Version: 13\r\n\r\n',
  `Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Protocol: ${','.repeat(50)}\r\n\r\n`,
  'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ',
  'Connection: Upgrade\r\nUpgrade: websocket\r\nContent-Length: 99999999\r\n\r\n\u0000\u0001',
];

// Real: the whole server, clients that misbehave, and stock clients beside them. An unhandled rejection fails a test anyway.
describe(`${FRAMES} frames that make no sense (seed ${SEED})`, () => {
  let server: TestServer;
  let people: [Person, Person];
  let room: RoomRecord;
  let troublemaker: Troublemaker;
  let witnesses: { socket: SocketClient; cable: CableClient; events: EventReader };
  let said = 0;
  const errors: unknown[] = [];

  beforeAll(async () => {
    server = await startServer();
    const keep = (...error: unknown[]): void => void errors.push(error);
    const ignore = (): void => undefined;
    Logger.overrideLogger({ log: ignore, warn: ignore, debug: ignore, error: keep, fatal: keep });
    const [ann, bob, mallory] = await Promise.all(['Ann', 'Bob', 'Mallory'].map((name) => register(server.http, name)));
    people = [ann!, bob!];
    room = await openGroup(ann!, [bob!]);
    troublemaker = { person: mallory!, room: await openGroup(mallory!, []), closed: room };
    const socket = await (await openSocket(server.url)).authenticate(bob!.token);
    await socket.join(roomOf(room), await ticket(bob!, roomOf(room)));
    const cable = await CableClient.open(server.url, { token: bob!.token });
    await cable.subscribe({ channel: 'Chats::RoomChannel', chat_room_id: room.id });
    const query = `rooms=${roomOf(room)}&access_token=${bob!.token}`;
    const events = await EventReader.open(`${server.url}/api/events?${query}`);
    await events.next(({ event }) => event === 'ready');
    witnesses = { socket, cable, events };
  });
  afterAll(async () => {
    Object.values(witnesses).forEach((client) => client.close());
    await server.close();
  });

  /** What this node keeps for those who are connected. */
  function present(): Record<string, number> {
    const sessions = server.app.get(SessionRegistry);
    const all = [...sessions.all()];
    return {
      sessions: all.length,
      members: sessions.members,
      strangers: sessions.strangers.size,
      feeds: sessions.feeds.size,
      memberships: all.reduce((sum, session) => sum + session.memberships.size, 0),
      onFeeds: [...sessions.feeds.values()].reduce((sum, feed) => sum + feed.memberships.size, 0),
      waiting: all.reduce((sum, session) => sum + session.queue.waitingBytes, 0),
    };
  }

  /** One connection. Gives how many frames were served, whatever became of them. */
  async function trouble(door: FuzzedDoor, seeds: string[], dice: Dice): Promise<number> {
    const mutations = new Mutations(dice);
    const client = await door.enter(server.url, troublemaker.person);
    const [marker, answer] = door.marker;
    const frames = Array.from({ length: BATCH }, (_none, index) =>
      door.calm !== undefined && index % CALM_EVERY === 0 ? door.calm : mutations.of(dice.one(seeds)),
    );
    await client.write(Buffer.concat([...frames, marker].map((text) => frame(Buffer.from(text), 1))));
    const served = await Promise.race([client.heard(answer).then(() => true), client.closed.then(() => false)]);
    dice.one(JUNK)(client, dice, () => mutations.broken(dice.one(seeds)));
    client.close();
    await client.closed;
    return served ? BATCH + 1 : 0;
  }

  async function halfHandshakes(door: FuzzedDoor): Promise<void> {
    const { hostname, port } = new URL(server.url);
    for (const rest of HANDSHAKES) {
      const socket = connect({ host: hostname, port: Number(port) }).on('error', () => undefined);
      socket.write(`GET ${door.path} HTTP/1.1\r\nHost: ${hostname}\r\n${rest}`, () => socket.destroy());
      await new Promise((resolve) => socket.once('close', resolve));
    }
  }

  const saySomething = async (): Promise<void> => void (await send(people[0], room, String((said += 1))));

  it.each(DOORS)('are served by $name, and others notice nothing', async (door) => {
    const before = present();
    const seeds = await door.seeds(troublemaker);
    const share = FRAMES / DOORS.length;
    let sent = 0;
    let cut = 0;
    let batch = 0;
    const makeTrouble = async (): Promise<void> => {
      while (sent < share) {
        batch += 1;
        const served = await trouble(door, seeds, new Dice(SEED + batch));
        sent += served;
        if (served === 0) cut += 1;
        await saySomething();
      }
    };
    await Promise.all([...Array.from({ length: AT_ONCE }, makeTrouble), halfHandshakes(door)]);
    // A frame that is no more than senseless does not end the connection.
    expect(cut).toBe(0);
    while (JSON.stringify(present()) !== JSON.stringify(before))
      await new Promise((resolve) => setTimeout(resolve, 20));
    expect(errors).toEqual([]);
  });

  it('every message was heard once and in order by those who behaved, meanwhile and afterwards', async () => {
    await saySomething();
    const { socket, cable, events } = witnesses;
    const bodyOf = (resource: unknown): unknown => (resource as { body?: string } | undefined)?.body;
    await socket.next('realtime:resource', ({ resource }) => bodyOf(resource) === String(said));
    await cable.next(({ message }) => message?.body === String(said));
    await events.next(({ data }) => bodyOf(data.resource) === String(said));
    const all = Array.from({ length: said }, (_none, index) => String(index + 1));
    expect(socket.resources(roomOf(room)).map(({ resource }) => resource.body)).toEqual(all);
    expect(cable.messages('Chats::RoomChannel').map(({ body }) => body)).toEqual(all);
    expect(events.resources.map(({ resource }) => bodyOf(resource))).toEqual(all);
  });
});
