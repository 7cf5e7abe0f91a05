import { jest } from '@jest/globals';
import { Clock } from '../src/common/clock.js';
import { type Body, SyncanoWorld } from './syncano.fixture.js';

interface Message extends Body {
  id: number;
  action: string;
  payload: Body;
}

const FORBIDDEN = { detail: 'You do not have permission to perform this action.' };
const ROOM_REQUIRED = { room: 'This field is required for channels with separate rooms.' };

// Real: the whole server over HTTP, its database. A poll waits for one second at most.
describe('the edge cases of the Syncano dialect', () => {
  let world: SyncanoWorld;
  let key: string;
  let insider: Awaited<ReturnType<SyncanoWorld['user']>>;

  beforeAll(async () => {
    world = await SyncanoWorld.open();
    ({ key } = await world.apiKey());
    insider = await world.user(key);
    const schema = [
      { name: 'title', type: 'string', filter_index: true, order_index: true },
      { name: 'reads', type: 'integer' },
    ];
    expect(await world.root.post(world.path('classes/'), { name: 'book', schema })).toMatchObject({ status: 201 });
  });
  afterAll(() => world.close());

  const poll = (channel: string, query = '', http = world.root) =>
    http.get<Message>(world.path(`channels/${channel}/poll/${query}`));
  const history = (channel: string, query = '', http = world.root) =>
    http.get<{ next: string | null; prev: string | null; objects: Message[] }>(
      world.path(`channels/${channel}/history/${query}`),
    );
  const book = async (more: object, http = world.root) => {
    const reply = await http.post<Body & { id: number }>(world.path('classes/book/objects/'), more);
    expect(reply).toMatchObject({ status: 201 });
    return reply.body;
  };
  const change = (id: number, changes: object, http = world.root) =>
    http.patch<Body>(world.path(`classes/book/objects/${id}/`), changes);
  const remove = (id: number) => world.root.delete(world.path(`classes/book/objects/${id}/`));
  const ids = (reply: { body: { objects: Message[] } }): number[] => reply.body.objects.map(({ id }) => id);

  it('1. an object that is created on a channel reaches a poller, without channel and links', async () => {
    const channel = await world.channel({ other_permissions: 'subscribe' });
    const waiting = poll(channel, '?last_id=0', insider.http);
    const { channel: named, channel_room: room, links, ...rest } = await book({ title: 'Pulp', channel });
    expect({ named, room, links }).toMatchObject({
      named: channel,
      room: null,
      links: { channel: expect.any(String) },
    });
    const { status, body, headers } = await waiting;
    expect({ status, body }).toEqual({
      status: 200,
      body: {
        id: 1,
        created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/),
        action: 'create',
        author: { admin: expect.any(Number) },
        metadata: { type: 'object', class: 'book' },
        payload: rest,
      },
    });
    expect(headers.get('x-last-id')).toBe('1');
    expect(headers.get('cache-control')).toBe('no-cache');
    expect(headers.get('content-type')).toBe('application/json; charset=utf-8');
  });

  it('2. a change tells what changed, a deletion the id', async () => {
    const channel = await world.channel();
    const { id } = await book({ title: 'old', reads: 1, channel });
    const { body } = await change(id, { title: 'new', reads: 1 });
    expect((await poll(channel, '?last_id=1')).body).toMatchObject({
      action: 'update',
      payload: { id, title: 'new', revision: 2, updated_at: body.updated_at },
    });
    expect(Object.keys((await poll(channel, '?last_id=1')).body.payload)).toHaveLength(4);
    expect(await remove(id)).toMatchObject({ status: 204, body: '' });
    expect((await poll(channel, '?last_id=2')).body).toMatchObject({ action: 'delete', payload: { id } });
  });

  it('2b. permissions are told without a revision, and a change of nothing is told as nothing', async () => {
    const channel = await world.channel();
    const { id } = await book({ title: 'same', channel });
    const { body } = await change(id, { other_permissions: 'read' });
    await change(id, { title: 'same' });
    expect((await poll(channel, '?last_id=1')).body.payload).toEqual({
      id,
      other_permissions: 'read',
      updated_at: body.updated_at,
    });
    expect((await poll(channel, '?last_id=2')).body.payload).toEqual({ id });
  });

  it('3. without traffic a poll ends with 204 and nothing, and the same last_id goes on', async () => {
    const channel = await world.channel();
    const last = await world.publish(channel, { n: 1 });
    expect(await poll(channel, `?last_id=${last}`)).toMatchObject({ status: 204, body: '' });
    const next = await world.publish(channel, { n: 2 });
    expect(await poll(channel, `?last_id=${last}`)).toMatchObject({ status: 200, body: { id: next } });
  });

  it('4. what was published while nobody polled comes once each, in order', async () => {
    const channel = await world.channel();
    for (const n of [1, 2, 3]) await world.publish(channel, { n });
    let last = 0;
    const got: unknown[] = [];
    for (const _ of [1, 2, 3]) {
      const { body } = await poll(channel, `?last_id=${last}`);
      got.push(body.payload.n);
      last = body.id;
    }
    expect(got).toEqual([1, 2, 3]);
    expect(await poll(channel, `?last_id=${last}`)).toMatchObject({ status: 204 });
  });

  it('5. without last_id only what comes later is given', async () => {
    const channel = await world.channel();
    await world.publish(channel, { n: 'before' });
    expect(await poll(channel)).toMatchObject({ status: 204 });
    const waiting = poll(channel);
    const later = until(waiting, () => world.publish(channel, { n: 'later' }));
    expect((await later).body.payload).toEqual({ n: 'later' });
  });

  it('6. two pollers and one publish: both get it', async () => {
    const channel = await world.channel();
    const polls = [poll(channel, '?last_id=0'), poll(channel, '?last_id=0', world.root)];
    const id = await world.publish(channel, {});
    for (const one of await Promise.all(polls)) expect(one).toMatchObject({ status: 200, body: { id } });
  });

  it('7. a flag may be a text, and a user is named together with the key', async () => {
    const channel = await world.channel({ custom_publish: 'true', other_permissions: 'publish' });
    expect(await world.root.get(world.path(`channels/${channel}/`))).toMatchObject({ body: { custom_publish: true } });
    const reply = await insider.http.post(world.path(`channels/${channel}/publish/`), { payload: { a: 1 } });
    expect(reply).toMatchObject({
      status: 201,
      body: { author: { api_key: expect.any(Number), user: insider.id }, metadata: { type: 'message' } },
    });
  });

  it('8. without custom_publish nobody publishes, not even an administrator', async () => {
    const channel = await world.channel({ custom_publish: false, other_permissions: 'publish' });
    const refused = { status: 403, body: { detail: 'Custom publish not allowed on this channel.' } };
    for (const http of [world.root, insider.http]) {
      expect(await http.post(world.path(`channels/${channel}/publish/`), { payload: {} })).toEqual({
        ...refused,
        headers: expect.anything(),
      });
    }
  });

  it('9. a user with subscribe polls and reads, and may not publish', async () => {
    const channel = await world.channel({ other_permissions: 'subscribe' });
    await world.publish(channel, { a: 1 });
    expect(await poll(channel, '?last_id=0', insider.http)).toMatchObject({ status: 200 });
    expect(await history(channel, '', insider.http)).toMatchObject({ status: 200 });
    const refused = await insider.http.post(world.path(`channels/${channel}/publish/`), { payload: {} });
    expect(refused).toMatchObject({ status: 403, body: FORBIDDEN });
  });

  it('10. membership of the group counts from the next request on', async () => {
    const group = await world.group();
    const channel = await world.channel({ group, group_permissions: 'publish' });
    const publish = () => insider.http.post(world.path(`channels/${channel}/publish/`), { payload: {} });
    expect(await publish()).toMatchObject({ status: 403, body: FORBIDDEN });
    await world.join(group, insider.id);
    expect(await publish()).toMatchObject({ status: 201 });
  });

  it('11. rooms are separate, and written in any case', async () => {
    const channel = await world.channel({ type: 'separate_rooms' });
    await world.publish(channel, { n: 'b' }, 'b');
    const id = await world.publish(channel, { n: 'a' }, 'A');
    expect((await poll(channel, '?last_id=0&room=a')).body).toMatchObject({ id, payload: { n: 'a' } });
    const waiting = poll(channel, `?last_id=${id}&room=A`);
    await world.publish(channel, { n: 'b' }, 'b');
    const next = await world.publish(channel, { n: 'a' }, 'a');
    expect((await waiting).body.id).toBe(next);
  });

  it('12. separate rooms need a room, but whoever reads them all may leave it out of the history', async () => {
    const channel = await world.channel({ type: 'separate_rooms', other_permissions: 'publish' });
    const { http: free } = await world.apiKey({ ignore_acl: true });
    await world.publish(channel, { n: 1 }, 'a');
    await world.publish(channel, { n: 2 }, 'b');
    const refused = { status: 400, body: ROOM_REQUIRED };
    for (const http of [world.root, insider.http, free]) {
      expect(await http.post(world.path(`channels/${channel}/publish/`), { payload: {} })).toMatchObject(refused);
      expect(await poll(channel, '?last_id=0', http)).toMatchObject(refused);
    }
    expect(await world.root.post(world.path('classes/book/objects/'), { channel })).toMatchObject({
      status: 400,
      body: { non_field_errors: ['Channel room field is required for channels with separate rooms.'] },
    });
    expect(await history(channel, '', insider.http)).toMatchObject(refused);
    for (const http of [world.root, free]) {
      expect((await history(channel, '', http)).body.objects.map(({ room }) => room)).toEqual(['b', 'a']);
      expect((await history(channel, '?room=A', http)).body.objects.map(({ room }) => room)).toEqual(['a']);
    }
    expect((await history(channel, '?room=b', insider.http)).body.objects.map(({ room }) => room)).toEqual(['b']);
    expect((await history(channel, '?room=unknown', insider.http)).body.objects).toEqual([]);
  });

  it('13. a default channel ignores the room', async () => {
    const channel = await world.channel();
    const id = await world.publish(channel, { n: 1 }, 'somewhere');
    expect((await poll(channel, '?last_id=0&room=elsewhere')).body.id).toBe(id);
    expect(await book({ channel, channel_room: 'somewhere' })).toMatchObject({ channel, channel_room: null });
    expect((await history(channel, '?room=nowhere')).body.objects.map(({ room }) => room)).toEqual([null, null]);
  });

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
    expect((await history(channel)).body.objects).toEqual([]);
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
    const { id } = await book({ title: 'theirs', other_permissions: 'full', channel });
    expect(await change(id, { title: 'mine' }, insider.http)).toMatchObject(refused);
    expect(await insider.http.delete(world.path(`classes/book/objects/${id}/`))).toMatchObject(refused);
    expect((await history(channel)).body.objects).toHaveLength(1);
  });

  it('20. an object keeps its channel, and a stale revision changes nothing', async () => {
    const [channel, other] = [await world.channel(), await world.channel()];
    const { id } = await book({ title: 'a', channel });
    expect(await change(id, { channel: other, channel_room: 'x' })).toMatchObject({ status: 200, body: { channel } });
    expect((await history(other)).body.objects).toEqual([]);
    expect((await change(id, { title: 'b', expected_revision: 1 })).body).toMatchObject({ revision: 2 });
    expect(await change(id, { title: 'c', expected_revision: 1 })).toMatchObject({
      status: 400,
      body: { expected_revision: 'Revision mismatch. Expected 1, got 2.' },
    });
    expect((await history(channel)).body.objects.map(({ action }) => action)).toEqual(['update', 'update', 'create']);
  });

  it('21. the history after an id, newest first, and in pages that end', async () => {
    const channel = await world.channel();
    for (const n of [1, 2, 3, 4, 5]) await world.publish(channel, { n });
    expect(ids(await history(channel, '?last_id=3'))).toEqual([5, 4]);
    const seen: number[] = [];
    let path: string | null = world.path(`channels/${channel}/history/?page_size=1&last_id=2`);
    while (path !== null) {
      const { body }: { body: { next: string | null; objects: Message[] } } = await world.root.get(path);
      seen.push(...body.objects.map(({ id }) => id));
      path = body.next;
    }
    expect(seen).toEqual([5, 4, 3]);
    expect(ids(await history(channel, '?ordering=asc&page_size=2'))).toEqual([1, 2]);
    const { body } = await history(channel, '?page_size=2&direction=1&last_pk=4');
    expect(body.objects.map(({ id }) => id)).toEqual([3, 2]);
    expect((await world.root.get<{ objects: Message[] }>(body.prev!)).body.objects.map(({ id }) => id)).toEqual([5, 4]);
  });

  it('22. what is older than a day is in no history and no poll', async () => {
    const channel = await world.channel();
    await world.publish(channel, { n: 'old' });
    const clock = world.server.app.get(Clock);
    const now = jest.spyOn(clock, 'now').mockImplementation(() => new Date(Date.now() + 25 * 3_600_000));
    try {
      expect((await history(channel)).body.objects).toEqual([]);
      expect(await poll(channel, '?last_id=0')).toMatchObject({ status: 204 });
    } finally {
      now.mockRestore();
    }
    expect((await history(channel)).body.objects).toHaveLength(1);
  });

  it('23. empty parameters and the body {} are as good as none', async () => {
    const channel = await world.channel();
    await world.publish(channel, { n: 'before' });
    expect(await poll(channel, '?last_id=&room=')).toMatchObject({ status: 204 });
  });

  it('24. a key of another instance opens nothing, and an unknown user is none', async () => {
    await world.root.post('/v1.1/instances/', { name: 'other' });
    const { http } = await world.apiKey({ ignore_acl: true });
    expect(await http.get('/v1.1/instances/other/channels/')).toMatchObject({
      status: 403,
      body: { detail: 'No such API Key.' },
    });
    const nobody = world.server.http.with({ 'x-api-key': key, 'x-user-key': 'f'.repeat(40) });
    expect(await nobody.get(world.path('channels/'))).toMatchObject({ status: 403, body: FORBIDDEN });
  });

  it('25. a caller who hangs up waits no longer, and takes nothing from the others', async () => {
    const channel = await world.channel();
    const gone = new AbortController();
    const path = world.server.url + world.path(`channels/${channel}/poll/?last_id=0`);
    const hangsUp = fetch(path, { headers: { 'x-api-key': world.accountKey }, signal: gone.signal });
    const stays = poll(channel, '?last_id=0');
    gone.abort();
    await expect(hangsUp).rejects.toThrow();
    const id = await world.publish(channel, {});
    expect((await stays).body.id).toBe(id);
  });

  /** Repeats `work` until the poll has been answered: nobody outside can see when a poll has begun to wait. */
  async function until<T>(waiting: Promise<T>, work: () => Promise<unknown>): Promise<T> {
    let answered = false;
    void waiting.then(() => (answered = true));
    while (!answered) await work();
    return waiting;
  }
});
