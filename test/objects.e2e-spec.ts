import type { HttpClient } from './support/http-client.js';
import { ChannelWorld, history, type Person } from './channels.fixture.js';
import { BOOK_SCHEMA, createObject, makeBooks, objectPath, type Thing } from './objects.fixture.js';

// Real: the whole server over HTTP, its database, and live Socket.IO clients.
describe('objects', () => {
  let world: ChannelWorld;
  let admin: HttpClient;
  let ann: Person;
  let bob: Person;

  beforeAll(async () => {
    world = await ChannelWorld.open();
    admin = world.admin.http;
    [ann, bob] = [await world.member('Ann'), await world.member('Bob')];
    await makeBooks(world);
  });
  afterEach(() => world.closeSockets());
  afterAll(() => world.close());

  const create = (values: object, http = admin, of = 'book'): Promise<Thing> => createObject(http, values, of);
  it('a new object has all of its fields, and the permissions of its kind', async () => {
    const made = await create({ title: 'Pulp', printed: '2015-05-14T17:02:55Z' }, ann.http);
    expect(made).toEqual({
      id: expect.any(Number),
      created_at: expect.any(String),
      updated_at: made.created_at,
      revision: 1,
      owner: ann.id,
      owner_permissions: 'full',
      group: null,
      group_permissions: 'none',
      other_permissions: 'none',
      channel: null,
      channel_room: null,
      title: 'Pulp',
      printed: { type: 'datetime', value: '2015-05-14T17:02:55.000000Z' },
      ...{ isbn: null, pages: null, read: null, tags: null, notes: null, sequel: null },
    });
    expect(await ann.http.get(objectPath(made.id))).toMatchObject({ status: 200, body: made });
  });

  describe('telling a channel', () => {
    it('members in its room, and its history, hear of every change, with only what changed', async () => {
      await world.channel('books', { other_permissions: 'publish' });
      const client = await world.connect(bob, ['/channels/books']);
      const made = await create({ title: 'a', channel: 'books' }, ann.http);
      await ann.http.patch(objectPath(made.id), { title: 'b', pages: 3 });
      await ann.http.delete(objectPath(made.id));
      const heard = [];
      for (const _ of [1, 2, 3]) heard.push(await client.next('realtime:resource'));
      expect(heard.map(({ action, type }) => [action, type])).toEqual([
        ['create', 'object'],
        ['update', 'object'],
        ['delete', 'object'],
      ]);
      const { channel: _channel, channel_room: _room, ...rest } = made;
      expect((heard[0]!.resource as Thing).payload).toEqual(rest);
      expect((heard[1]!.resource as Thing).payload).toEqual({
        ...{ id: made.id, title: 'b', pages: 3, revision: 2, updated_at: expect.any(String) },
      });
      expect((heard[2]!.resource as Thing).payload).toEqual({ id: made.id });
      const { records } = await history(bob, 'books');
      expect(records.map(({ id }) => id)).toEqual([3, 2, 1]);
      expect(records[0]).toMatchObject({ author: { member: ann.id }, metadata: { type: 'object', class: 'book' } });
    });

    it('an object that may not be told is not made, and a change that fails tells nothing', async () => {
      await world.channel('quiet-books', { other_permissions: 'subscribe' });
      const refused = await ann.http.post('/api/classes/book/objects', { isbn: 'quiet', channel: 'quiet-books' });
      expect(refused).toMatchObject({ status: 403, body: { error: { code: 'object.channel_forbidden' } } });
      const made = await create({ isbn: 'one', channel: 'quiet-books' });
      await create({ isbn: 'two' });
      expect(await admin.patch(objectPath(made.id), { title: 'x', isbn: 'two' })).toMatchObject({ status: 400 });
      expect(await admin.patch(objectPath(made.id), { title: 'x', expected_revision: 7 })).toMatchObject({
        status: 409,
      });
      expect((await history(world.admin, 'quiet-books')).records).toHaveLength(1);
      expect((await admin.get<Thing>(objectPath(made.id))).body).toMatchObject({ title: null, revision: 1 });
    });

    it('an object outlives its channel, and is told to nobody from then on', async () => {
      await world.channel('passing', {});
      const made = await create({ title: 'x', channel: 'passing' });
      expect(await admin.delete('/api/channels/passing')).toMatchObject({ status: 204 });
      expect(await admin.patch(objectPath(made.id), { title: 'y' })).toMatchObject({
        status: 200,
        body: { channel: null },
      });
    });

    it('twenty who count up at once count to twenty, each with a message of its own', async () => {
      await world.channel('counting', {});
      const { id } = await create({ pages: 0, channel: 'counting' });
      const up = { pages: { _increment: 1 } };
      const replies = await Promise.all(Array.from({ length: 20 }, () => admin.patch<Thing>(objectPath(id), up)));
      expect(replies.map(({ body }) => body.pages as number).sort((a, b) => a - b)).toEqual(
        Array.from({ length: 20 }, (_, index) => index + 1),
      );
      const told = (await history(world.admin, 'counting', '?limit=100')).records.reverse().slice(1);
      expect(told.map(({ payload }) => payload.pages)).toEqual(Array.from({ length: 20 }, (_, index) => index + 1));
    });

    it('a channel that goes while its objects change takes nobody with it', async () => {
      await world.channel('contested', {});
      const made = await Promise.all([1, 2, 3].map(() => create({ pages: 0, channel: 'contested' })));
      const writes = made.flatMap(({ id }) =>
        [1, 2, 3].map(() => admin.patch(objectPath(id), { pages: { _increment: 1 } })),
      );
      const replies = await Promise.all([...writes, admin.delete('/api/channels/contested')]);
      expect(replies.map(({ status }) => status)).toEqual([...Array<number>(9).fill(200), 204]);
      for (const { id } of made)
        expect((await admin.get<Thing>(objectPath(id))).body).toMatchObject({ pages: 3, channel: null });
    });
  });

  describe('permissions', () => {
    it('the owner, the group and the others each have their level', async () => {
      const group = await world.group(bob);
      const { id } = await create({ title: 'hers', group_permissions: 'read' }, ann.http);
      expect(await bob.http.get(objectPath(id))).toMatchObject({ status: 404 });
      // Not hers to give: she is not in the group.
      expect(await ann.http.patch(objectPath(id), { group })).toMatchObject({ status: 400 });
      expect(await admin.patch(objectPath(id), { group })).toMatchObject({ status: 200 });
      expect(await bob.http.get(objectPath(id))).toMatchObject({ status: 200 });
      expect(await bob.http.patch(objectPath(id), { title: 'his' })).toMatchObject({ status: 403 });
      await ann.http.patch(objectPath(id), { group_permissions: 'write' });
      // Nobody gives away more than they have, and nobody gives an object away.
      const changed = await bob.http.patch(objectPath(id), { title: 'his', other_permissions: 'full', owner: bob.id });
      expect(changed).toMatchObject({ status: 200, body: { other_permissions: 'write', owner: ann.id } });
      expect(await bob.http.delete(objectPath(id))).toMatchObject({ status: 403 });
      expect(await ann.http.delete(objectPath(id))).toMatchObject({ status: 204 });
    });

    it('a group that goes is in no object any more', async () => {
      const group = await world.group(bob);
      const { id } = await create({ group, group_permissions: 'full' });
      expect(await bob.http.get(objectPath(id))).toMatchObject({ status: 200 });
      await admin.delete(`/api/groups/${group}`);
      expect(await admin.get(objectPath(id))).toMatchObject({ status: 200, body: { group: null } });
      expect(await bob.http.get(objectPath(id))).toMatchObject({ status: 404 });
    });

    it('a class opens as far as it says', async () => {
      const doors = async (http: HttpClient): Promise<number[]> => {
        const replies = [
          await http.get('/api/classes/closed'),
          await http.get('/api/classes/closed/objects'),
          await http.post('/api/classes/closed/objects', {}),
        ];
        return replies.map(({ status }) => status);
      };
      const anonymous = await world.apiKey({ allow_anonymous_read: true });
      const plain = await world.apiKey({});
      await admin.post('/api/classes', { name: 'closed', other_permissions: 'none' });
      expect(await doors(ann.http)).toEqual([404, 404, 404]);
      await admin.patch('/api/classes/closed', { other_permissions: 'read' });
      expect(await doors(ann.http)).toEqual([200, 200, 403]);
      await admin.patch('/api/classes/closed', { other_permissions: 'create_objects' });
      expect(await doors(ann.http)).toEqual([200, 200, 201]);
      expect(await doors(anonymous.http)).toEqual([200, 200, 403]);
      expect(await doors(plain.http)).toEqual([404, 404, 404]);
    });

    it('only administrators make and change classes, and one class stays', async () => {
      expect(await ann.http.post('/api/classes', { name: 'hers' })).toMatchObject({ status: 403 });
      expect(await ann.http.patch('/api/classes/book', { description: 'x' })).toMatchObject({ status: 403 });
      expect(await ann.http.delete('/api/classes/book')).toMatchObject({ status: 403 });
      expect(await admin.delete('/api/classes/user_profile')).toMatchObject({ status: 403 });
      expect(await admin.post('/api/classes', { name: 'BOOK' })).toMatchObject({ status: 409 });
    });

    it('a class goes with its objects', async () => {
      await admin.post('/api/classes', { name: 'gone', schema: BOOK_SCHEMA });
      await create({ title: 'x' }, admin, 'gone');
      expect(await admin.delete('/api/classes/gone')).toMatchObject({ status: 204 });
      expect(await admin.get('/api/classes/gone/objects')).toMatchObject({ status: 404 });
    });
  });
});
