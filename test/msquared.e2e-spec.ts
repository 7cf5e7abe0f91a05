import { WARNINGS } from './support/msquared-client.js';
import { collection, hats, HERE, key, liveConfig, put, ResourceWorld } from './resources.fixture.js';
import type { HttpClient } from './support/http-client.js';
import type { Person } from './support/people.js';

const TEST_KEY = 'World:kvstoreClient:testKey';

// Real: the whole server, its database, plain WebSockets; two nodes where the services of the run allow it.
describe('resources on /api/realtime', () => {
  let world: ResourceWorld;
  let ann: Person;
  let http: HttpClient;
  let boss: HttpClient;

  beforeAll(async () => {
    world = await ResourceWorld.open();
    boss = world.at(world.boss);
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

  describe('a key', () => {
    it('that is absent is a warning, and one frame when it is made', async () => {
      const client = await world.connect(ann);
      expect(await client.subscribe('kvStore', TEST_KEY)).toEqual(WARNINGS.KVStore);
      const version = await write(key('testKey'), { a: 1 });
      expect(await client.rest(1)).toEqual([
        {
          userId: String(ann.id),
          resource: { type: 'kvStore', id: TEST_KEY },
          data: { key: 'testKey', data: { a: 1 } },
          version,
        },
      ]);
    });

    it('that is there is the answer at once, and a change is a frame with a larger version', async () => {
      const first = await write(key('testKey'), [1, 'two', null]);
      const client = await world.connect(ann, HERE, 1);
      const answer = await client.subscribe('kvStore', TEST_KEY);
      expect(answer).toMatchObject({ data: { key: 'testKey', data: [1, 'two', null] }, version: first });
      await write(key('testKey'), null);
      const next = await client.next();
      expect(next).toMatchObject({ data: { key: 'testKey', data: null } });
      expect(next.version! > first).toBe(true);
      expect(next.version).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    });

    it('that goes and comes again is null and then a document, without a new subscription', async () => {
      const first = await write(key('testKey'), 1);
      const client = await world.connect(ann);
      await client.subscribe('kvStore', TEST_KEY);
      await http.delete(key('testKey'));
      const gone = await client.next();
      await write(key('testKey'), 2);
      const back = await client.next();
      const resource = { type: 'kvStore', id: TEST_KEY };
      expect(gone).toEqual({ userId: String(ann.id), resource, data: null, version: expect.any(String) });
      expect(back).toMatchObject({ data: { data: 2 } });
      expect([first, gone.version, back.version]).toEqual([first, gone.version, back.version].sort());
      expect(new Set([first, gone.version, back.version]).size).toBe(3);
    });

    it('that is subscribed to twice is answered twice, and then told once', async () => {
      await write(key('testKey'), 1);
      const client = await world.connect(ann);
      expect(await client.subscribe('kvStore', TEST_KEY)).toMatchObject({ data: { data: 1 } });
      expect(await client.subscribe('kvStore', TEST_KEY)).toMatchObject({ data: { data: 1 } });
      await write(key('testKey'), 2);
      await write(key('testKey'), 3);
      expect((await client.rest(2)).map(({ data }) => data)).toEqual([2, 3].map((data) => ({ key: 'testKey', data })));
    });

    it('that is unsubscribed is silent, and unsubscribing what is not subscribed is nothing', async () => {
      const client = await world.connect(ann);
      await client.subscribe('kvStore', TEST_KEY);
      await client.subscribe('kvStore', 'World:kvstoreClient:other');
      client.unsubscribe('kvStore', TEST_KEY);
      client.unsubscribe('kvStore', 'World:kvstoreClient:never');
      expect(await client.rest()).toEqual([]);
      await write(key('testKey'), 1);
      await write(key('other'), 2);
      expect(await client.rest(1)).toMatchObject([{ data: { key: 'other' } }]);
    });

    it.each(['a:b:c', ':', 'a/b', '100%', 'a,b', 'line\nfeed', 'ключ', '🗝'.repeat(256)])(
      'may be called %j',
      async (name) => {
        const program = await world.program();
        const client = await world.connect(ann);
        const id = `World:kvstoreServer:${name}`;
        expect(await client.subscribe('kvStore', id)).toEqual(WARNINGS.KVStore);
        await write(`${key(name, 'server')}?member=${ann.id}`, 1, world.at(program.http));
        expect(await client.next()).toMatchObject({ resource: { id }, data: { key: name, data: 1 } });
      },
    );

    it('of each scope is another one', async () => {
      const client = await world.connect(ann, { ...HERE, world: 'w', launchContext: 'l' });
      const from = world.at(ann, { ...HERE, world: 'w', launchContext: 'l' });
      const scopes = {
        Organization: 'organization',
        Project: 'project',
        LaunchContext: 'launch_context',
        World: 'world',
      };
      for (const scope of Object.keys(scopes)) {
        expect(await client.subscribe('kvStore', `${scope}:kvstoreClient:k`)).toEqual(WARNINGS.KVStore);
      }
      for (const [scope, name] of Object.entries(scopes)) {
        await write(key('k', 'client', name), scope, from);
        expect(await client.next()).toMatchObject({
          resource: { id: `${scope}:kvstoreClient:k` },
          data: { data: scope },
        });
      }
    });
  });

  describe('a collection', () => {
    it('is told in the words of this protocol', async () => {
      const client = await world.connect(ann);
      expect(await client.subscribe('collection', 'private')).toEqual(WARNINGS.Collection);
      const version = await write(collection('private', ann), hats('hat-1'), boss);
      expect(await client.next()).toEqual({
        userId: String(ann.id),
        resource: { type: 'collection', id: 'private' },
        data: {
          userId: String(ann.id),
          datasourceId: 'ds-4',
          userCollection: [{ objectDefinitionId: 'hat-1', balance: 2 }],
        },
        version,
      });
    });

    it('that is empty is a frame with an empty list', async () => {
      await write(collection('private', ann), hats(), boss);
      const client = await world.connect(ann);
      expect(await client.subscribe('collection', 'private')).toMatchObject({ data: { userCollection: [] } });
    });

    it('that is public is everybody’s, each under their own name', async () => {
      const [mine, bobs] = [await world.connect(ann), await world.connect(await world.person('Bob'), HERE, 1)];
      await mine.subscribe('collection', 'public');
      await bobs.subscribe('collection', 'public');
      await write(collection('public'), hats('a', 'b'), boss);
      const [one, other] = [await mine.next(), await bobs.next()];
      expect(one.userId).toBe(String(ann.id));
      expect(other.userId).not.toBe(one.userId);
      for (const { userId, data } of [one, other]) {
        expect(data).toMatchObject({
          userId,
          userCollection: [{ objectDefinitionId: 'a' }, { objectDefinitionId: 'b' }],
        });
      }
    });
  });

  it('a live configuration is its document, for everybody in the project', async () => {
    const client = await world.connect(ann);
    expect(await client.subscribe('liveConfig', 'game')).toEqual(WARNINGS.LiveConfig);
    const version = await write(liveConfig('game'), { speed: 2 }, boss);
    const resource = { type: 'liveConfig', id: 'game' };
    expect(await client.next()).toEqual({ userId: String(ann.id), resource, data: { speed: 2 }, version });
    expect(await boss.patch(liveConfig('game'), { value: { speed: null, name: 'a' } })).toMatchObject({ status: 200 });
    expect(await client.next()).toMatchObject({ data: { name: 'a' } });
  });

  describe('privacy', () => {
    it('nobody hears of what another member keeps, or of their own in another place', async () => {
      const bob = await world.person('Bob');
      const elsewhere = [
        { ...HERE, project: 'other' },
        { ...HERE, world: 'w-2' },
        { ...HERE, organization: 'otherOrg' },
      ];
      const [mine, bobs, ...others] = await Promise.all([
        world.connect(ann),
        world.connect(bob, HERE, 1),
        ...elsewhere.map((where) => world.connect(ann, where, 1)),
      ]);
      for (const client of [mine, bobs, ...others]) {
        expect(await client.subscribe('kvStore', TEST_KEY)).toEqual(WARNINGS.KVStore);
      }
      // A collection belongs to the project, so their own is the same in both worlds.
      for (const client of [mine, bobs, others[0]!, others[2]!]) await client.subscribe('collection', 'private');
      await write(key('testKey'), 'mine');
      await write(collection('private', ann), hats('mine'), boss);
      expect((await mine.rest(2)).map(({ resource }) => resource!.id)).toEqual([TEST_KEY, 'private']);
      // The next that each of them hears is their own.
      for (const [index, where] of elsewhere.entries()) {
        await write(key('testKey'), index, world.at(ann, where));
        expect(await others[index]!.next()).toMatchObject({ data: { data: index } });
      }
      await write(key('testKey'), 'bob', world.at(bob));
      expect(await bobs.next()).toMatchObject({ data: { data: 'bob' } });
      for (const client of [mine, bobs, ...others]) expect(await client.rest()).toEqual([]);
    });

    it('a refused write is no frame', async () => {
      const bob = await world.person('Bob');
      const client = await world.connect(ann);
      await client.subscribe('kvStore', TEST_KEY);
      await client.subscribe('kvStore', 'World:kvstoreServer:k');
      await client.subscribe('liveConfig', 'mine');
      const refused = [
        await http.put(key('k', 'server'), { value: 1 }),
        await world.at(bob).put(`${key('testKey')}?member=${ann.id}`, { value: 1 }),
        await http.put(liveConfig('mine'), { value: {} }),
        await http.put(collection('private'), { value: hats() }),
      ];
      expect(refused.map(({ status }) => status)).toEqual([403, 404, 403, 403]);
      await write(key('testKey'), 'last');
      expect(await client.rest(1)).toMatchObject([{ data: { data: 'last' } }]);
    });
  });

  it('what comes in over REST is heard over Socket.IO and server-sent events as well', async () => {
    await write(key('testKey'), 1);
    const { body } = await http.get<{ websockets: { room: string }[]; position: number }>(
      `${key('testKey')}?websockets=1`,
    );
    const room = body.websockets[0]!.room;
    expect(room).toBe(`/resources/kv/world/testorg:testProj:default/${ann.id}/client/testKey`);
    await write(key('testKey'), 2);
    const rooms = `rooms=${encodeURIComponent(room)}&rooms=${encodeURIComponent(`/resources/members/${ann.id}`)}`;
    const abort = new AbortController();
    const authorization = `Bearer ${ann.token}`;
    const response = await fetch(`${world.nodes[1].url}/api/events?${rooms}`, {
      headers: { authorization },
      signal: abort.signal,
    });
    expect(response.status).toBe(200);
    await write(key('testKey'), 'heard');
    let text = '';
    const decoder = new TextDecoder();
    for await (const chunk of response.body!) {
      text += decoder.decode(chunk as Uint8Array, { stream: true });
      if (text.split('"heard"').length > 2) break;
    }
    abort.abort();
    expect(text).toContain('"type":"resource"');
  });
});
