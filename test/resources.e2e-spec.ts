import type { HttpClient } from './support/http-client.js';
import type { Person } from './support/people.js';
import { collection, type Document, hats, key, liveConfig, put, ResourceWorld, statusOf } from './resources.fixture.js';

const SPEED = {
  type: 'object',
  properties: {
    speed: { type: 'number', exclusiveMinimum: 0, maximum: 10, multipleOf: 0.1, default: 5, description: 'In m/s.' },
    name: { type: 'string', minLength: 1, maxLength: 5, pattern: '^(a|a)*$' },
    tags: { type: 'array', items: { type: 'string' } },
    inner: { type: 'object', properties: { on: { type: 'boolean', default: true } } },
  },
  required: ['inner'],
  additionalProperties: false,
};

// Real: the whole server over HTTP, its database; two nodes where the run allows it.
describe('resources', () => {
  let world: ResourceWorld;
  let ann: Person;
  let http: HttpClient;
  let boss: HttpClient;
  let program: HttpClient;

  beforeAll(async () => {
    world = await ResourceWorld.open();
    boss = world.boss.http;
    program = (await world.program()).http;
  });
  beforeEach(async () => {
    ann = await world.person('Ann');
    http = ann.http;
  });
  afterAll(() => world.close());

  const write = (path: string, value: unknown, by = http): Promise<Document> => put(by, path, value);

  describe('a document', () => {
    it.each([null, true, 0, -0.5, 1e300, '', 'text', [], {}, [null, [{}]], { value: null, a: { b: [1] } }])(
      'may be %j',
      async (value) => {
        const reply = await http.put<Document>(key('k'), { value });
        expect(reply).toMatchObject({ status: 201, body: { value } });
        expect(reply.headers.get('etag')).toBe(`"${reply.body.version}"`);
        const read = await http.get<Document>(key('k'));
        expect(read).toMatchObject({ status: 200, body: { value, version: reply.body.version, position: 1 } });
        expect(read.headers.get('etag')).toBe(`"${reply.body.version}"`);
      },
    );

    it('has the one shape, whatever its kind', async () => {
      const place = { organization: null, project: 'default', world: null, launch_context: null };
      const own = {
        kind: 'kv',
        scope: 'world',
        ...place,
        world: 'default',
        member_id: ann.id,
        store: 'client',
        name: 'k',
      };
      expect(await write(key('k'), 1)).toEqual({ ...own, value: 1, version: expect.any(String) });
      const config = { kind: 'live_config', scope: 'project', ...place, member_id: null, store: null, name: 'shape' };
      expect(await write(liveConfig('shape'), {}, boss)).toEqual({ ...config, value: {}, version: expect.any(String) });
    });

    it('is merged by PATCH, and taken away by DELETE', async () => {
      await write(key('k'), { a: 1, b: { c: 2, d: 3 } });
      const patched = await http.patch<Document>(key('k'), { value: { a: null, b: { c: 4 } } });
      expect(patched).toMatchObject({ status: 200, body: { value: { b: { c: 4, d: 3 } } } });
      expect(await statusOf(http.delete(key('k')))).toBe(204);
      for (const reply of [http.get(key('k')), http.delete(key('k')), http.patch(key('k'), { value: 1 })]) {
        expect(await reply).toMatchObject({ status: 404, body: { error: { code: 'resource.not_found' } } });
      }
    });

    it('has a version that rises for ever, also when it is made again', async () => {
      const versions: string[] = [];
      for (let round = 0; round < 3; round += 1) {
        versions.push((await write(key('k'), round)).version, (await write(key('k'), round)).version);
        await http.delete(key('k'));
      }
      expect(versions).toEqual([...new Set(versions)].sort());
    });

    it('of up to 256 KiB is taken, and not a byte more', async () => {
      const quotes = 2;
      const fits = 'ä'.repeat((256 * 1024 - quotes) / 2);
      await write(key('k'), fits);
      expect(await http.put(key('k'), { value: `${fits}a` })).toMatchObject({
        status: 413,
        body: { error: { code: 'resource.too_large' } },
      });
      await write(key('k'), { first: fits.slice(10) });
      expect(await statusOf(http.patch(key('k'), { value: { second: 'more than is left' } }))).toBe(413);
    });

    it('cannot have a name of more than 256 characters', async () => {
      await write(key('🗝'.repeat(256)), 1);
      expect(await statusOf(http.put(key('k'.repeat(257)), { value: 1 }))).toBe(400);
    });
  });

  describe('optimistic writes', () => {
    const matching = (version: string): HttpClient => http.with({ 'if-match': `"${version}"` });

    it('happen when the version is the one that is there, and otherwise say which one is', async () => {
      const { version: first } = await write(key('k'), 1);
      const { version: second } = await write(key('k'), 2, matching(first));
      for (const refused of [
        matching(first).put(key('k'), { value: 3 }),
        matching(first).patch(key('k'), { value: 3 }),
        matching(first).delete(key('k')),
        http.with({ 'if-none-match': '*' }).put(key('k'), { value: 3 }),
      ]) {
        expect(await refused).toMatchObject({
          status: 412,
          body: { error: { code: 'resource.version_mismatch', details: { version: second } } },
        });
      }
      expect(await statusOf(http.with({ 'if-match': `"x", "${second}"` }).delete(key('k')))).toBe(204);
      expect(await matching(second).put(key('k'), { value: 3 })).toMatchObject({
        status: 412,
        body: { error: { details: { version: null } } },
      });
      expect(await statusOf(http.with({ 'if-match': '*' }).put(key('k'), { value: 3 }))).toBe(412);
      expect(await statusOf(http.with({ 'if-none-match': '*' }).put(key('k'), { value: 3 }))).toBe(201);
    });

    it('of many with the same version one happens', async () => {
      const { version } = await write(key('k'), 'start');
      const writes = Array.from({ length: 20 }, (_, value) => statusOf(matching(version).put(key('k'), { value })));
      expect((await Promise.all(writes)).sort()).toEqual([200, ...Array<number>(19).fill(412)]);
    });

    it('of many that make it one happens, and none of the others fails for another reason', async () => {
      const first = http.with({ 'if-none-match': '*' });
      const writes = Array.from({ length: 20 }, (_, value) => statusOf(first.put(key('new'), { value })));
      expect((await Promise.all(writes)).sort()).toEqual([201, ...Array<number>(19).fill(412)]);
    });

    it('that are tried again until they fit lose nothing', async () => {
      await write(key('counter'), 0);
      const increment = async (): Promise<void> => {
        for (;;) {
          const { body } = await http.get<{ value: number; version: string }>(key('counter'));
          if ((await statusOf(matching(body.version).put(key('counter'), { value: body.value + 1 }))) === 200) return;
        }
      };
      await Promise.all(Array.from({ length: 8 }, increment));
      expect((await http.get<Document>(key('counter'))).body.value).toBe(8);
    });
  });

  it('keys are listed in the order of their names, page by page, those of one place and store', async () => {
    const list = '/api/resources/kv/world/client';
    for (const name of ['b', 'a/1', 'B', 'c', 'ä']) await write(key(name), name);
    await write(key('other scope', 'client', 'project'), 1);
    await write(key('other world'), 1, world.at(http, { project: 'default', world: 'w' }));
    await write(`${key('other store', 'server')}?member=${ann.id}`, 1, program);
    await http.delete(key('c'));
    const first = await http.get<{ records: { name: string }[]; has_next_page: boolean }>(`${list}?limit=2`);
    expect(first.body).toMatchObject({ records: [{ name: 'B' }, { name: 'a/1' }], has_next_page: true });
    const rest = await http.get<{ records: object[] }>(`${list}?after=${encodeURIComponent('a/1')}`);
    expect(rest.body).toEqual({
      records: ['b', 'ä'].map((name) => ({ name, version: expect.any(String) as string })),
      has_next_page: false,
    });
  });

  describe('a collection', () => {
    it.each([
      ['no object', []],
      ['without a source', { items: [] }],
      ['with an unknown field', { ...hats(), more: 1 }],
      ['with a negative balance', { datasource_id: 'd', items: [{ object_definition_id: 'a', balance: -1 }] }],
      ['with the same object twice', hats('a', 'a')],
    ])('%s is refused', async (_what, value) => {
      const reply = await boss.put(collection('public'), { value });
      expect(reply).toMatchObject({ status: 400, body: { error: { code: 'resource.invalid' } } });
    });
  });

  describe('a live configuration', () => {
    const schema = `${liveConfig('ruled')}/schema`;

    it('fits its schema, or is refused with what is wrong and where', async () => {
      expect(await boss.put(schema, { schema: SPEED })).toMatchObject({ status: 200 });
      expect(await http.get(schema)).toMatchObject({ status: 200, body: { schema: SPEED } });
      expect(await write(liveConfig('ruled'), { inner: {} }, boss)).toMatchObject({
        value: { speed: 5, inner: { on: true } },
      });
      for (const [value, path] of [
        [{ speed: 11 }, 'speed'],
        [{ speed: 0 }, 'speed'],
        [{ speed: 0.25 }, 'speed'],
        [{ speed: '5' }, 'speed'],
        [{ name: 'aab' }, 'name'],
        [{ name: 'aaaaaa' }, 'name'],
        [{ tags: [1] }, 'tags.0'],
        [{ inner: { on: 1 } }, 'inner.on'],
        [{ other: 1 }, ''],
        [{ inner: null }, ''],
      ] as const) {
        expect(await boss.patch(liveConfig('ruled'), { value })).toMatchObject({
          status: 400,
          body: { error: { code: 'resource.invalid', details: { issues: [{ path }] } } },
        });
      }
      expect(await boss.patch(liveConfig('ruled'), { value: { speed: 0.3 } })).toMatchObject({ status: 200 });
      expect(await boss.patch(liveConfig('ruled'), { value: { speed: null } })).toMatchObject({
        body: { value: { speed: 5 } },
      });
      expect(await statusOf(boss.delete(schema))).toBe(204);
      await write(liveConfig('ruled'), { anything: true }, boss);
    });

    it.each([
      ['that describes no object', { type: 'string' }],
      ['with words that are not known', { type: 'object', $ref: 'http://example.com' }],
      ['with conditions', { type: 'object', allOf: [{}] }],
      ['with a pattern that is none', { type: 'object', properties: { a: { type: 'string', pattern: '(' } } }],
      ['with a rule of another type', { type: 'object', properties: { a: { type: 'string', minimum: 1 } } }],
      ['with a list of lists', { type: 'object', properties: { a: { type: 'array', items: { type: 'array' } } } }],
    ])('a schema %s is refused', async (_what, wrong) => {
      expect(await statusOf(boss.put(schema, { schema: wrong }))).toBe(400);
    });

    it('no pattern keeps the server busy', async () => {
      const properties = { a: { type: 'string', pattern: '^(a+)+$' } };
      await boss.put(`${liveConfig('slow')}/schema`, { schema: { type: 'object', properties } });
      const value = { a: `${'a'.repeat(100_000)}!` };
      expect(await statusOf(boss.put(liveConfig('slow'), { value }))).toBe(400);
    });

    it('only administrators change schemas', async () => {
      for (const writer of [http, program]) {
        expect(await statusOf(writer.put(schema, { schema: { type: 'object' } }))).toBe(403);
        expect(await statusOf(writer.delete(schema))).toBe(403);
      }
    });
  });
});
