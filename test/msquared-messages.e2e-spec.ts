import { WARNINGS } from './support/msquared-client.js';
import { HERE, key, put, ResourceWorld } from './resources.fixture.js';
import { HttpClient } from './support/http-client.js';
import type { Person } from './support/people.js';

const TEST_KEY = 'World:kvstoreClient:testKey';
const INVALID = { error: 'Invalid message format' };

// Real: the whole server, its database, plain WebSockets; two nodes where the services of the run allow it.
describe('messages on /api/realtime', () => {
  let world: ResourceWorld;
  let ann: Person;
  let http: HttpClient;

  beforeAll(async () => {
    world = await ResourceWorld.open();
  });
  beforeEach(async () => {
    ann = await world.person('Ann');
    http = world.at(ann);
  });
  afterEach(() => world.hangUp());
  afterAll(() => world.close());

  /** Its version. */
  const write = async (path: string, value: unknown, by = http): Promise<string> =>
    (await put(by, path, value)).version;

  describe('a message', () => {
    it.each([
      '[]',
      '42',
      '{',
      '',
      'null',
      '"text"',
      '{"action":"subscribe"}',
      '{"resource":{"type":"collection","id":"public"}}',
      '{"action":"Subscribe","resource":{"type":"collection","id":"public"}}',
      '{"action":"subscribe","resource":{"type":"kvstore","id":"World:kvstoreClient:k"}}',
      '{"action":"subscribe","resource":{"type":"kvStore","id":7}}',
      '{"action":"subscribe","resource":{"type":"kvStore","id":""}}',
      '{"action":"subscribe","resource":{"type":"kvStore","id":"World:kvstoreClient"}}',
      '{"action":"subscribe","resource":{"type":"kvStore","id":"World:kvstoreClient:"}}',
      '{"action":"subscribe","resource":{"type":"kvStore","id":"world:kvstoreClient:k"}}',
      '{"action":"subscribe","resource":{"type":"kvStore","id":"constructor:kvstoreClient:k"}}',
      '{"action":"subscribe","resource":{"type":"kvStore","id":"World:client:k"}}',
      '{"action":"subscribe","resource":{"type":"kvStore","id":"World:kvstoreClient:a\\u0000"}}',
      '{"action":"subscribe","resource":{"type":"collection","id":"mine"}}',
      '{"action":"subscribe","resource":{"type":"liveConfig","id":""}}',
      '{"action":"unsubscribe","resource":{"type":"toString","id":"x"}}',
    ])('%s is answered with the one error', async (text) => {
      const client = await world.connect(ann);
      client.send(text);
      expect(await client.next()).toEqual(INVALID);
      expect(await client.subscribe('kvStore', TEST_KEY)).toEqual(WARNINGS.KVStore);
    });

    it('with surplus keys is understood', async () => {
      const client = await world.connect(ann);
      expect(await client.subscribe('kvStore', TEST_KEY, { surplus: 1 })).toEqual(WARNINGS.KVStore);
    });

    it('finds its requestId in the answer, and no update has it', async () => {
      await write(key('testKey'), 1);
      const client = await world.connect(ann);
      const mark = { requestId: 'r-"1"' };
      expect(await client.subscribe('kvStore', TEST_KEY, mark)).toMatchObject({ data: { data: 1 }, ...mark });
      expect(await client.subscribe('kvStore', 'World:kvstoreClient:no', mark)).toEqual({
        ...WARNINGS.KVStore,
        ...mark,
      });
      expect(await client.subscribe('kvstore', 'x', mark)).toEqual({ ...INVALID, ...mark });
      expect(await client.subscribe('kvstore', 'x', { requestId: 7 })).toEqual(INVALID);
      await write(key('testKey'), 2);
      expect(await client.next()).not.toHaveProperty('requestId');
    });

    it('about a project needs one, a world and a launch context have a default', async () => {
      const client = await world.connect(ann, { organization: 'testOrg' });
      for (const scope of ['World', 'Project', 'LaunchContext']) {
        expect(await client.subscribe('kvStore', `${scope}:kvstoreClient:k`)).toEqual({ error: 'Missing project' });
      }
      expect(await client.subscribe('liveConfig', 'game')).toEqual({ error: 'Missing project' });
      expect(await client.subscribe('kvStore', 'Organization:kvstoreClient:k')).toEqual(WARNINGS.KVStore);
      await write(key('k', 'client', 'organization'), 1, world.at(ann, { organization: 'testOrg' }));
      expect(await client.next()).toMatchObject({ data: { data: 1 } });
    });
  });

  describe('while others write', () => {
    it('the answer is followed by everything after it, in order, and by nothing of before', async () => {
      const WRITES = 60;
      const clients = await Promise.all([0, 1, 0, 1].map((node) => world.connect(ann, HERE, node)));
      let written = 0;
      const writing = (async () => {
        for (; written < WRITES; written += 1) await write(key('testKey'), written);
      })();
      const heard = await Promise.all(
        clients.map(async (client, index) => {
          while (written < 10 * (index + 1)) await new Promise((resolve) => setImmediate(resolve));
          const numbers = [numberIn(await client.subscribe('kvStore', TEST_KEY))];
          while (numbers.at(-1)! < WRITES - 1) numbers.push(numberIn(await client.next()));
          return numbers;
        }),
      );
      await writing;
      for (const numbers of heard) {
        expect(numbers).toEqual(Array.from(numbers, (_, index) => WRITES - numbers.length + index));
      }
    });

    it('each of many writers at the same time is one frame, with a version of its own', async () => {
      const client = await world.connect(ann);
      await client.subscribe('kvStore', TEST_KEY);
      const elsewhere = world.at(new HttpClient(world.nodes[1].url).as(ann.token));
      await Promise.all(
        Array.from({ length: 40 }, (_, index) => write(key('testKey'), index, index % 2 ? http : elsewhere)),
      );
      const frames = await client.rest(40);
      expect(frames.map(numberIn).sort((a, b) => a - b)).toEqual(Array.from({ length: 40 }, (_, index) => index));
      const versions = frames.map(({ version }) => version!);
      expect(versions).toEqual([...new Set(versions)].sort());
    });
  });
});

function numberIn({ data }: { data?: unknown }): number {
  return (data as { data: number }).data;
}
