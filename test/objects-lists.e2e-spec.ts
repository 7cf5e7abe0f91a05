import type { HttpClient } from './support/http-client.js';
import { ChannelWorld, type Person } from './channels.fixture.js';
import { BOOK_SCHEMA, createObject, makeBooks, objectPath, type Thing } from './objects.fixture.js';

interface Page {
  records: Thing[];
  has_next_page: boolean;
  objects_count?: number;
}

// Real: the whole server over HTTP, and its database.
describe('values and lists of objects', () => {
  let world: ChannelWorld;
  let admin: HttpClient;
  let ann: Person;

  beforeAll(async () => {
    world = await ChannelWorld.open();
    admin = world.admin.http;
    ann = await world.member('Ann');
    await makeBooks(world);
  });
  afterAll(() => world.close());

  const create = (values: object, http = admin, of = 'book'): Promise<Thing> => createObject(http, values, of);
  const list = async (query: string, of = 'book', http = admin): Promise<Page> => {
    const { status, body } = await http.get<Page>(`/api/classes/${of}/objects?${query}`);
    expect({ status, body }).toMatchObject({ status: 200 });
    return body;
  };

  describe('values', () => {
    it('operations alter what is there', async () => {
      const { id } = await create({ tags: ['a'], pages: 1 });
      const change = async (changes: object) => (await admin.patch<Thing>(objectPath(id), changes)).body;
      expect(await change({ tags: { _add: ['b', 'a'] } })).toMatchObject({ tags: ['a', 'b', 'a'], revision: 2 });
      expect(await change({ tags: { _addunique: ['b', 'c'] } })).toMatchObject({ tags: ['a', 'b', 'c'] });
      expect(await change({ tags: { _remove: ['a', 'x'] } })).toMatchObject({ tags: ['b', 'c'] });
      expect(await change({ pages: { _increment: -3 } })).toMatchObject({ pages: -2 });
      expect(await change({ pages: null })).toMatchObject({ pages: null, revision: 6 });
      expect(await change({ pages: null })).toMatchObject({ revision: 6 });
    });

    it.each([
      [{ title: 'x'.repeat(129) }, 'title'],
      [{ title: ['x'] }, 'title'],
      [{ title: 'nul\0' }, 'title'],
      [{ pages: 'many' }, 'pages'],
      [{ pages: 1.5 }, 'pages'],
      [{ pages: { _increment: 'x' } }, 'pages'],
      [{ pages: { _multiply: 2 } }, 'pages'],
      [{ read: 'maybe' }, 'read'],
      [{ printed: 'yesterday' }, 'printed'],
      [{ printed: '2015-13-14T17:02:55Z' }, 'printed'],
      [{ tags: [[]] }, 'tags'],
      [{ tags: 'x' }, 'tags'],
      [{ notes: [] }, 'notes'],
      [{ notes: { text: 'nul\0' } }, 'notes'],
      [{ sequel: 999_999 }, 'sequel'],
      [{ sequel: 'x' }, 'sequel'],
      [{ channel: 'nowhere' }, 'channel'],
      [{ notes: { 'a\udfff': 1 } }, 'notes'],
    ])('%j is refused, naming the field', async (values, field) => {
      const reply = await admin.post<{ error: { details: { fields: object } } }>('/api/classes/book/objects', values);
      expect(reply).toMatchObject({ status: 400, body: { error: { code: 'object.invalid' } } });
      expect(Object.keys(reply.body.error.details.fields)).toEqual([field]);
    });

    it('whoever makes an object owns it; an administrator may give it to somebody who is there', async () => {
      const { id } = await create({ owner: ann.id });
      expect(await admin.get(objectPath(id))).toMatchObject({ body: { owner: world.admin.id } });
      expect(await admin.patch(objectPath(id), { owner: ann.id })).toMatchObject({
        status: 200,
        body: { owner: ann.id },
      });
      expect(await admin.patch(objectPath(id), { owner: 999_999 })).toMatchObject({
        status: 400,
        body: { error: { details: { fields: { owner: ['Invalid pk "999999" - object does not exist.'] } } } },
      });
    });

    it('an object has a size', async () => {
      const large = { notes: { text: 'x'.repeat(33_000) } };
      expect(await admin.post('/api/classes/book/objects', large)).toMatchObject({
        status: 400,
        body: { error: { code: 'object.too_large' } },
      });
    });
  });

  describe('lists', () => {
    beforeAll(async () => {
      const schema = BOOK_SCHEMA.filter(({ name }) => name !== 'sequel');
      await admin.post('/api/classes', { name: 'listed', schema });
      const books = [
        { title: 'a', pages: 30, read: true, printed: '2001-01-01T00:00:00Z' },
        { title: 'b', pages: 10, read: false, printed: '2003-01-01T00:00:00Z' },
        { title: 'c', pages: 20, read: true },
        { title: 'd', read: false, printed: '2002-01-01T00:00:00Z' },
        { pages: 10 },
      ];
      for (const book of books) await create({ ...book, other_permissions: 'read' }, admin, 'listed');
    });
    const titles = ({ records }: Page): unknown[] => records.map(({ title }) => title);
    const found = async (query: object): Promise<unknown[]> =>
      titles(await list(`query=${encodeURIComponent(JSON.stringify(query))}`, 'listed'));

    it.each([
      [{ title: { _eq: 'b' } }, ['b']],
      [{ title: { _neq: 'b' } }, ['a', 'c', 'd', null]],
      [{ title: { _gt: 'b' } }, ['c', 'd']],
      [{ title: { _in: ['a', 'd', 'x'] } }, ['a', 'd']],
      [{ title: { _nin: ['a', 'd'] } }, ['b', 'c', null]],
      [{ title: { _exists: false } }, [null]],
      [{ pages: { _gte: 10, _lt: 30 } }, ['b', 'c', null]],
      [{ pages: { _lte: 10 }, title: { _exists: true } }, ['b']],
      [{ pages: { _exists: false } }, ['d']],
      [{ read: { _eq: true } }, ['a', 'c']],
      [{ printed: { _lt: '2002-06-01T00:00:00Z' } }, ['a', 'd']],
      [{ id: { _gt: 0 }, title: { _eq: 'a' } }, ['a']],
      [{ created_at: { _gt: '2001-01-01T00:00:00Z' }, revision: { _eq: 1 } }, ['a', 'b', 'c', 'd', null]],
      [{ title: { _eq: "x'; DROP TABLE objects; --" } }, []],
      [{}, ['a', 'b', 'c', 'd', null]],
    ])('query %j finds %j', async (query, expected) => {
      expect(await found(query)).toEqual(expected);
    });

    it.each([
      [{ tags: { _eq: 1 } }],
      [{ isbn_: { _eq: 1 } }],
      [{ constructor: { _eq: 1 } }],
      [{ title: 'a' }],
      [{ title: { _like: 'a' } }],
      [{ title: { toString: 'a' } }],
      [{ title: { _eq: null } }],
      [{ pages: { _eq: 'x' } }],
      [{ title: { _in: 'a' } }],
      [{ title: { _exists: 'a' } }],
      [[]],
    ])('query %j is refused', async (query) => {
      const reply = await admin.get(`/api/classes/listed/objects?query=${encodeURIComponent(JSON.stringify(query))}`);
      expect(reply).toMatchObject({ status: 400, body: { error: { code: 'object.query_invalid' } } });
    });

    it.each([
      ['title', ['a', 'b', 'c', 'd', null]],
      ['-title', [null, 'd', 'c', 'b', 'a']],
      ['pages', ['b', null, 'c', 'a', 'd']],
      ['-pages', ['d', 'a', 'c', null, 'b']],
      ['printed', ['a', 'd', 'b', 'c', null]],
      ['-id', [null, 'd', 'c', 'b', 'a']],
      ['created_at', ['a', 'b', 'c', 'd', null]],
    ])('sorted by %s, page after page', async (orderBy, expected) => {
      expect(titles(await list(`order_by=${orderBy}`, 'listed'))).toEqual(expected);
      const seen: unknown[] = [];
      let after = '';
      for (;;) {
        const page = await list(`order_by=${orderBy}&limit=2&include_count=true${after}`, 'listed');
        expect(page.objects_count).toBe(5);
        seen.push(...titles(page));
        if (!page.has_next_page) break;
        after = `&after=${page.records.at(-1)!.id}`;
      }
      expect(seen).toEqual(expected);
    });

    it('lists and places are searched, by whoever may see what a relation leads to', async () => {
      const searched = [
        { name: 'name', type: 'string', filter_index: true },
        { name: 'tags', type: 'array', filter_index: true },
        { name: 'place', type: 'geopoint', filter_index: true },
        { name: 'friends', type: 'relation', target: 'self', filter_index: true },
        { name: 'best', type: 'reference', target: 'self', filter_index: true },
      ];
      await admin.post('/api/classes', { name: 'place', schema: searched });
      const warsaw = { latitude: 52.23, longitude: 21.01 };
      const first = await create({ name: 'Äpfel_1', tags: ['a', 'b'], place: warsaw }, admin, 'place');
      const hidden = { tags: ['b'], friends: [first.id, 999_999], best: first.id, other_permissions: 'read' };
      const second = await create({ ...hidden, name: 'birnen' }, admin, 'place');
      expect(second.friends).toMatchObject({ value: [first.id] });
      const found = async (query: object, http = admin): Promise<number[]> => {
        const page = await list(`query=${encodeURIComponent(JSON.stringify(query))}`, 'place', http);
        return page.records.map(({ id }) => id);
      };
      const apples = { name: { _eq: 'Äpfel_1' } };
      const near = { ...{ latitude: 51.87, longitude: 20.87 }, distance_in_kilometers: 50 };
      for (const [query, expected] of [
        [{ tags: { _contains: ['b'] } }, [first.id, second.id]],
        [{ tags: { _contains: 'a' } }, [first.id]],
        [{ tags: { _exists: false } }, []],
        [{ place: { _exists: false } }, [second.id]],
        [{ place: { _near: near } }, [first.id]],
        [{ place: { _near: { ...near, distance_in_kilometers: 10 } } }, []],
        [{ place: { _near: { ...near, distance_in_kilometers: undefined, distance_in_miles: 31 } } }, [first.id]],
        [{ place: { _near: { latitude: 0, longitude: 0 } } }, []],
        [{ friends: { _contains: [first.id] } }, [second.id]],
        [{ friends: { _is: apples } }, [second.id]],
        [{ best: { _is: apples } }, [second.id]],
        [{ best: { _is: { name: { _eq: 'birnen' } } } }, []],
        [{ name: { _startswith: 'Äp' } }, [first.id]],
        [{ name: { _startswith: 'äp' } }, []],
        [{ name: { _istartswith: 'äPF' } }, [first.id]],
        [{ name: { _endswith: '_1' } }, [first.id]],
        [{ name: { _icontains: 'NEN' } }, [second.id]],
        [{ name: { _ieq: 'BIRNEN' } }, [second.id]],
        [{ name: { _contains: '%' } }, []],
      ] as const) {
        expect([query, await found(query)]).toEqual([query, expected]);
      }
      expect([await found({ friends: { _is: apples } }, ann.http), await found({}, ann.http)]).toEqual([
        [],
        [second.id],
      ]);
      const friend = { friends: { _is: { friends: { _is: apples } } } };
      for (const query of [
        { tags: { _eq: 'a' } },
        { place: { _near: {} } },
        { place: { _near: null } },
        { name: { _is: {} } },
        friend,
      ]) {
        const reply = await admin.get(`/api/classes/place/objects?query=${encodeURIComponent(JSON.stringify(query))}`);
        expect(reply).toMatchObject({ status: 400, body: { error: { code: 'object.query_invalid' } } });
      }
      const change = async (friends: object) =>
        (await admin.patch<{ friends: unknown }>(objectPath(first.id, 'place'), { friends })).body.friends;
      expect(await change({ _add: [first.id, second.id] })).toMatchObject({ value: [first.id, second.id] });
      expect(await change({ _add: second.id })).toMatchObject({ value: [first.id, second.id] });
      expect(await change({ _remove: [first.id] })).toMatchObject({ value: [second.id] });
      const sorted = [{ name: 'tags', type: 'array', order_index: true }];
      expect(await admin.post('/api/classes', { name: 'sorted', schema: sorted })).toMatchObject({ status: 400 });
    });

    it('what has no index sorts nothing', async () => {
      for (const field of ['tags', 'isbn', 'nonsense', 'revision']) {
        const reply = await admin.get(`/api/classes/listed/objects?order_by=${field}`);
        expect(reply).toMatchObject({ status: 400, body: { error: { code: 'object.order_invalid' } } });
      }
    });

    it('an index that comes later finds what was there before', async () => {
      await admin.post('/api/classes', { name: 'late', schema: [{ name: 'n', type: 'integer' }] });
      for (const n of [3, 1, 2]) await create({ n }, admin, 'late');
      expect(await admin.get('/api/classes/late/objects?order_by=n')).toMatchObject({ status: 400 });
      const schema = [{ name: 'n', type: 'integer', order_index: true, filter_index: true }];
      expect(await admin.patch('/api/classes/late', { schema })).toMatchObject({
        status: 200,
        body: { revision: 2, objects_count: 3 },
      });
      expect((await list('order_by=n', 'late')).records.map(({ n }) => n)).toEqual([1, 2, 3]);
      const text = [{ name: 'n', type: 'string', order_index: true }];
      expect(await admin.patch('/api/classes/late', { schema: text, expected_revision: 1 })).toMatchObject({
        status: 409,
      });
    });
  });
});
