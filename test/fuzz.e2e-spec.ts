import { connect } from 'node:net';
import { Logger } from '@nestjs/common';
import { SessionRegistry } from '../src/realtime/session-registry.js';
import { DOORS, type FuzzedDoor, type Troublemaker } from './fuzz.fixture.js';
import { type Ear, EARS } from './matrix-ears.fixture.js';
import { MatrixWorld, type PlaceName, PUBLISHERS, textOf } from './matrix.fixture.js';
import { openGroup } from './support/chat.js';
import { Dice, Mutations } from './support/fuzz.js';
import { register } from './support/people.js';
import { frame, type RawWebSocket } from './support/raw-web-socket.js';
import type { TestServer } from './support/start-server.js';

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

/** Where those who behave talk meanwhile. */
const TALKS: PlaceName[] = ['conversation', 'channel'];

// Real: a whole server, clients that misbehave, and stock clients beside them. An unhandled rejection fails a test anyway.
describe(`${FRAMES} frames that make no sense (seed ${SEED})`, () => {
  let world: MatrixWorld;
  let server: TestServer;
  let troublemaker: Troublemaker;
  let witnesses: { name: string; place: PlaceName; ear: Ear }[];
  let said = 0;
  const errors: unknown[] = [];

  beforeAll(async () => {
    world = await MatrixWorld.open();
    [server] = world.nodes;
    const keep = (...error: unknown[]): void => void errors.push(error);
    const ignore = (): void => undefined;
    Logger.overrideLogger({ log: ignore, warn: ignore, debug: ignore, error: keep, fatal: keep });
    const mallory = await register(server.http, 'Mallory');
    troublemaker = { person: mallory, room: await openGroup(mallory, []), closed: world.talk };
    witnesses = EARS.flatMap(({ name, Ear, carries }) =>
      TALKS.filter((place) => carries.includes(place)).map((place) => ({ name, place, ear: new Ear(world, place) })),
    );
    await Promise.all(witnesses.map(({ ear }) => ear.listen(server)));
  });
  afterAll(async () => {
    witnesses.forEach(({ ear }) => ear.cut());
    await world.close();
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

  /** In each place, at the same time. */
  async function saySomething(): Promise<void> {
    const text = String((said += 1));
    const speakers = TALKS.map((place) => PUBLISHERS.find(({ places }) => places.includes(place))!);
    await Promise.all(speakers.map(({ publish }) => publish(world, server, text)));
  }

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

  it('every message was heard once by those who behaved, whatever their door, and by all in the same order', async () => {
    await saySomething();
    await Promise.all(witnesses.map(({ ear }) => ear.until(String(said))));
    for (const place of TALKS) {
      const [first, ...others] = witnesses.filter((witness) => witness.place === place);
      const { told } = first!.ear;
      expect(new Set(told.map(([, , content]) => textOf(content))).size).toBe(said);
      expect(told).toHaveLength(said);
      for (const { name, ear } of others) {
        expect([name, ear.told.map((one) => ear.says(one))]).toEqual([name, told.map((one) => ear.says(one))]);
      }
    }
  });
});
