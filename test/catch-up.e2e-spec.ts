import { Clock } from '../src/common/clock.js';
import { EventLog } from '../src/events/event-log.js';
import { addTo, openGroup, roomOf, send, ticket } from './support/chat.js';
import { register } from './support/people.js';
import { RealtimeWorld } from './support/realtime-world.js';
import { openSocket, type SocketClient } from './support/socket-client.js';

const HOUR_MS = 3_600_000;

const numbers = (client: SocketClient, room?: string): number[] => client.resources(room).map(({ id }) => id);
const upTo = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, index) => from + index);

// Real: the whole server and the stock client. What is watched: how often the log is read.
describe('clients that come back', () => {
  let world: RealtimeWorld;
  let log: EventLog;
  let reads: { mock: { calls: unknown[][] }; mockClear(): unknown };

  beforeAll(async () => {
    world = await RealtimeWorld.start();
    log = world.server.app.get(EventLog);
    reads = jest.spyOn(log, 'read');
  });
  afterEach(() => world.closeClients());
  afterAll(() => world.close());

  /** Where the reads of this stream began since the last question. */
  const readsOf = (stream: string): unknown[] => {
    const found = reads.mock.calls.filter(([name]) => name === stream).map(([, after]) => after);
    reads.mockClear();
    return found;
  };

  /** Somebody who stays in the room, to whom these are delivered. */
  async function publishTo(board: string, texts: string[]): Promise<string> {
    const witness = await world.connectAs(world.ann);
    await world.joinAs(witness, world.ann, `/boards/${board}`);
    const events = await world.boards.publish(board, ...texts);
    await witness.next('realtime:resource', (payload) => payload.id === events.at(-1)!.seq);
    reads.mockClear();
    return events[0]!.stream;
  }

  async function comeBack(board: string, last_id: number, reached: number): Promise<number[]> {
    const client = await world.connectAs(world.bob);
    await world.joinAs(client, world.bob, `/boards/${board}`, { last_id });
    await client.next('realtime:resource', (payload) => payload.id === reached);
    return numbers(client);
  }

  it('what a feed remembers is not read from the database', async () => {
    const stream = await publishTo('remembered', ['1', '2', '3', '4', '5']);
    expect(await comeBack('remembered', 2, 5)).toEqual([3, 4, 5]);
    expect(await comeBack('remembered', 0, 5)).toEqual([1, 2, 3, 4, 5]);
    expect(readsOf(stream)).toEqual([]);
  });

  it('many who missed the same share one read of the log', async () => {
    const events = await world.boards.publish('shared', ...upTo(1, 40).map(String));
    const clients = await Promise.all(upTo(1, 20).map(() => world.connectAs(world.bob)));
    const token = await world.roomToken(world.bob, '/boards/shared');
    reads.mockClear();
    for (const client of clients) client.emit('realtime:join', { name: '/boards/shared', token, last_id: 0 });
    for (const client of clients) await client.next('realtime:resource', (payload) => payload.id === 40);
    for (const client of clients) expect(numbers(client)).toEqual(upTo(1, 40));
    expect(readsOf(events[0]!.stream)).toEqual([0]);
  });

  it('a position before what the feed remembers is read from the log, and from there on remembered', async () => {
    const stream = await publishTo('long', upTo(1, 600).map(String));
    expect(await comeBack('long', 40, 600)).toEqual(upTo(41, 600));
    expect(readsOf(stream)).toEqual([40]);
    expect(await comeBack('long', 99, 600)).toEqual(upTo(100, 600));
    expect(readsOf(stream)).toEqual([99]);
    expect(await comeBack('long', 100, 600)).toEqual(upTo(101, 600));
    expect(readsOf(stream)).toEqual([]);
  });

  it('large events are remembered as far as they fit, and all of them arrive', async () => {
    const stream = await publishTo(
      'large',
      upTo(1, 12).map((number) => `${number}-${'x'.repeat(100_000)}`),
    );
    expect(await comeBack('large', 0, 12)).toEqual(upTo(1, 12));
    expect(readsOf(stream)).toEqual([0]);
    expect(await comeBack('large', 9, 12)).toEqual([10, 11, 12]);
    expect(readsOf(stream)).toEqual([]);
  });

  it('a feed shows nothing that retention no longer keeps, although it remembers it', async () => {
    const clock = world.server.app.get(Clock);
    const later = (hours: number): void => void now.mockImplementation(() => new Date(Date.now() + hours * HOUR_MS));
    const now = jest.spyOn(clock, 'now');
    try {
      await publishTo('fading', ['1', '2']);
      later(20);
      await publishTo('fading', ['3', '4']);
      later(25);
      const client = await world.connectAs(world.bob);
      for (const last_id of [0, 1]) {
        const at = await world.joinAs(client, world.bob, '/boards/fading', { last_id });
        expect(at).toMatchObject({ position: 4, resync: true });
      }
      expect(await comeBack('fading', 2, 4)).toEqual([3, 4]);
      expect(numbers(client)).toEqual([]);
    } finally {
      now.mockRestore();
    }
  });

  it('who may see only a part gets only that part of what is remembered', async () => {
    const { server } = world;
    const [ann, bob, eve] = await Promise.all(['Ann', 'Bob', 'Eve'].map((name) => register(server.http, name)));
    const group = await openGroup(ann!, [bob!], { show_history: false });
    const room = roomOf(group);
    const open = async (person: typeof ann, more: object = {}): Promise<SocketClient> => {
      const client = await (await openSocket(server.url)).authenticate(person!.token);
      await client.join(room, await ticket(person!, room), more);
      return client;
    };
    const witness = await open(ann);
    await send(ann!, group, 'before Eve');
    await addTo(ann!, group, eve!);
    const last = await send(ann!, group, 'with Eve');
    const isLast = ({ resource }: Record<string, unknown>): boolean => (resource as { id: number }).id === last.id;
    await witness.next('realtime:resource', isLast);
    reads.mockClear();
    const bodies = (client: SocketClient): unknown[] =>
      client
        .resources(room)
        .filter(({ type }) => type === 'message')
        .map(({ resource }) => resource.body);
    const clients = await Promise.all([bob, eve, bob].map((person) => open(person, { last_id: 0 })));
    for (const client of clients) await client.next('realtime:resource', isLast);
    const [first, second, third] = clients.map(bodies);
    expect(second).toEqual(['with Eve']);
    expect(first).toEqual(['before Eve', 'with Eve']);
    expect(third).toEqual(first);
    expect(readsOf(`chat-rooms/${group.uuid}`)).toEqual([0]);
    for (const client of [witness, ...clients]) client.close();
  });
});
