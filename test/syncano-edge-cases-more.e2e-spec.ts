import { Clock } from '../src/common/clock.js';
import { type Body, SyncanoWorld } from './syncano.fixture.js';
import { bookshop, type Bookshop, idsOf, type Message } from './syncano-bookshop.fixture.js';

const FORBIDDEN = { detail: 'You do not have permission to perform this action.' };

// Real: the whole server over HTTP, its database. A poll waits for one second at most.
describe('the edge cases of the Syncano dialect: bodies, names, objects and history', () => {
  let world: SyncanoWorld;
  let shop: Bookshop;
  let insider: Bookshop['insider'];

  beforeAll(async () => {
    world = await SyncanoWorld.open();
    shop = await bookshop(world);
    ({ insider } = shop);
  });
  afterAll(() => world.close());

  it('14. bodies are counted in bytes, and payloads are objects', async () => {
    const channel = await world.channel();
    const path = world.path(`channels/${channel}/publish/`);
    const frame = JSON.stringify({ payload: { a: '' } }).length;
    const sized = (bytes: number): string => JSON.stringify({ payload: { a: 'x'.repeat(bytes - frame) } });
    expect(await world.root.send('POST', path, sized(65_537))).toMatchObject({
      status: 413,
      body: { detail: 'Request size limit exceeded (65536).' },
    });
    const umlauts = JSON.stringify({ payload: { a: 'ü'.repeat(40_000) } });
    expect(await world.root.send('POST', path, umlauts)).toMatchObject({ status: 413 });
    for (const payload of ['abc', [1], '[1]', 5, '"x"', true]) {
      const { status, body } = await world.root.post<{ payload: string[] }>(path, { payload });
      const text = payload === 'abc' ? 'Not a valid JSON string.' : 'Payload passed in invalid format.';
      expect({ payload, status, body }).toEqual({ payload, status: 400, body: { payload: [text] } });
    }
    expect(await world.root.post(path, { payload: null })).toMatchObject({
      status: 400,
      body: { payload: ['This field may not be null.'] },
    });
    expect((await shop.history(channel)).body.objects).toEqual([]);
    expect(await world.root.post(path, { payload: '{"k":1}' })).toMatchObject({
      status: 201,
      body: { payload: { k: 1 } },
    });
    expect(await world.root.post(path, {})).toMatchObject({ status: 201, body: { payload: {} } });
    expect(await world.root.send('POST', path, sized(65_536))).toMatchObject({ status: 201 });
  });

  it('15. names are written in any case, and taken once', async () => {
    const { status, body } = await world.root.post<{ name: string; links: Body }>(world.path('channels/'), {
      name: ' ChaNNel ',
    });
    expect({ status, name: body.name }).toEqual({ status: 201, name: 'channel' });
    expect(body.links.self).toBe(world.path('channels/channel/'));
    expect(await world.root.post(world.path('channels/'), { name: 'channel' })).toMatchObject({
      status: 400,
      body: { name: ['This field must be unique.'] },
    });
    expect(await world.root.get(world.path('channels/CHANNEL/'))).toMatchObject({ status: 200 });
    expect(await world.root.get('/v1.1/instances/INSTA/channels/Channel')).toMatchObject({ status: 200 });
  });

  it('16. name and type are for life', async () => {
    const channel = await world.channel();
    const wanted = { name: 'x', type: 'separate_rooms', description: 'd' };
    expect(await world.root.patch(world.path(`channels/${channel}/`), wanted)).toMatchObject({
      status: 200,
      body: { name: channel, type: 'default', description: 'd' },
    });
  });

  it('17. only an account key makes channels', async () => {
    const { http: plain } = await world.apiKey();
    const { http: free } = await world.apiKey({ ignore_acl: true });
    for (const http of [plain, free, insider.http]) {
      expect(await http.post(world.path('channels/'), { name: 'mine' })).toMatchObject({
        status: 403,
        body: FORBIDDEN,
      });
    }
  });

  it('18. a fresh instance has its two channels, and they stay', async () => {
    await world.root.post('/v1.1/instances/', { name: 'fresh' });
    const path = '/v1.1/instances/fresh/channels/';
    const { body } = await world.root.get<{ objects: Body[] }>(path);
    expect(body.objects).toMatchObject([
      { name: 'default', type: 'separate_rooms', custom_publish: true, other_permissions: 'none' },
      { name: 'eventlog', type: 'separate_rooms', custom_publish: false, group_permissions: 'none' },
    ]);
    for (const name of ['default', 'eventlog']) {
      expect(await world.root.delete(`${path}${name}/`)).toMatchObject({ status: 403 });
    }
    const classes = await world.root.get<{ objects: Body[] }>('/v1.1/instances/fresh/classes/');
    expect(classes.body.objects.map(({ name }) => name)).toEqual(['user_profile']);
    expect(await world.root.delete('/v1.1/instances/fresh/classes/user_profile/')).toMatchObject({ status: 403 });
  });

  it('19. whoever may not publish makes no object on the channel', async () => {
    const channel = await world.channel({ other_permissions: 'subscribe' });
    const refused = {
      status: 403,
      body: { detail: 'You do not have permission to publish data to specified channel.' },
    };
    const create = insider.http.post(world.path('classes/book/objects/'), { title: 'unwanted', channel });
    expect(await create).toMatchObject(refused);
    const found = await world.root.get<{ objects: Body[] }>(
      world.path(`classes/book/objects/?query=${encodeURIComponent('{"title":{"_eq":"unwanted"}}')}`),
    );
    expect(found.body.objects).toEqual([]);
    const { id } = await shop.book({ title: 'theirs', other_permissions: 'full', channel });
    expect(await shop.change(id, { title: 'mine' }, insider.http)).toMatchObject(refused);
    expect(await insider.http.delete(world.path(`classes/book/objects/${id}/`))).toMatchObject(refused);
    expect((await shop.history(channel)).body.objects).toHaveLength(1);
  });

  it('20. an object keeps its channel, and a stale revision changes nothing', async () => {
    const [channel, other] = [await world.channel(), await world.channel()];
    const { id } = await shop.book({ title: 'a', channel });
    expect(await shop.change(id, { channel: other, channel_room: 'x' })).toMatchObject({
      status: 200,
      body: { channel },
    });
    expect((await shop.history(other)).body.objects).toEqual([]);
    expect((await shop.change(id, { title: 'b', expected_revision: 1 })).body).toMatchObject({ revision: 2 });
    expect(await shop.change(id, { title: 'c', expected_revision: 1 })).toMatchObject({
      status: 400,
      body: { expected_revision: 'Revision mismatch. Expected 1, got 2.' },
    });
    expect((await shop.history(channel)).body.objects.map(({ action }) => action)).toEqual([
      'update',
      'update',
      'create',
    ]);
  });

  it('21. the history after an id, newest first, and in pages that end', async () => {
    const channel = await world.channel();
    for (const n of [1, 2, 3, 4, 5]) await world.publish(channel, { n });
    expect(idsOf(await shop.history(channel, '?last_id=3'))).toEqual([5, 4]);
    const seen: number[] = [];
    let path: string | null = world.path(`channels/${channel}/history/?page_size=1&last_id=2`);
    while (path !== null) {
      const { body }: { body: { next: string | null; objects: Message[] } } = await world.root.get(path);
      seen.push(...body.objects.map(({ id }) => id));
      path = body.next;
    }
    expect(seen).toEqual([5, 4, 3]);
    expect(idsOf(await shop.history(channel, '?ordering=asc&page_size=2'))).toEqual([1, 2]);
    const { body } = await shop.history(channel, '?page_size=2&direction=1&last_pk=4');
    expect(body.objects.map(({ id }) => id)).toEqual([3, 2]);
    expect((await world.root.get<{ objects: Message[] }>(body.prev!)).body.objects.map(({ id }) => id)).toEqual([5, 4]);
  });

  it('22. what is older than a day is in no history and no poll', async () => {
    const channel = await world.channel();
    await world.publish(channel, { n: 'old' });
    const clock = world.server.app.get(Clock);
    const now = jest.spyOn(clock, 'now').mockImplementation(() => new Date(Date.now() + 25 * 3_600_000));
    try {
      expect((await shop.history(channel)).body.objects).toEqual([]);
      expect(await shop.poll(channel, '?last_id=0')).toMatchObject({ status: 204 });
    } finally {
      now.mockRestore();
    }
    expect((await shop.history(channel)).body.objects).toHaveLength(1);
  });

  it('23. empty parameters and the body {} are as good as none', async () => {
    const channel = await world.channel();
    await world.publish(channel, { n: 'before' });
    expect(await shop.poll(channel, '?last_id=&room=')).toMatchObject({ status: 204 });
  });

  it('24. a key of another instance opens nothing, and an unknown user is none', async () => {
    await world.root.post('/v1.1/instances/', { name: 'other' });
    const { http } = await world.apiKey({ ignore_acl: true });
    expect(await http.get('/v1.1/instances/other/channels/')).toMatchObject({
      status: 403,
      body: { detail: 'No such API Key.' },
    });
    const nobody = world.server.http.with({ 'x-api-key': shop.key, 'x-user-key': 'f'.repeat(40) });
    expect(await nobody.get(world.path('channels/'))).toMatchObject({ status: 403, body: FORBIDDEN });
  });

  it('25. a caller who hangs up waits no longer, and takes nothing from the others', async () => {
    const channel = await world.channel();
    const gone = new AbortController();
    const path = world.server.url + world.path(`channels/${channel}/poll/?last_id=0`);
    const hangsUp = fetch(path, { headers: { 'x-api-key': world.accountKey }, signal: gone.signal });
    const stays = shop.poll(channel, '?last_id=0');
    gone.abort();
    await expect(hangsUp).rejects.toThrow();
    const id = await world.publish(channel, {});
    expect((await stays).body.id).toBe(id);
  });
});
