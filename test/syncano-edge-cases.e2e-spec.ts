import { SyncanoWorld } from './syncano.fixture.js';
import { bookshop, type Bookshop } from './syncano-bookshop.fixture.js';

const FORBIDDEN = { detail: 'You do not have permission to perform this action.' };
const ROOM_REQUIRED = { room: 'This field is required for channels with separate rooms.' };

// Real: the whole server over HTTP, its database. A poll waits for one second at most.
describe('the edge cases of the Syncano dialect: polls, rights and rooms', () => {
  let world: SyncanoWorld;
  let shop: Bookshop;
  let insider: Bookshop['insider'];

  beforeAll(async () => {
    world = await SyncanoWorld.open();
    shop = await bookshop(world);
    ({ insider } = shop);
  });
  afterAll(() => world.close());

  it('1. an object that is created on a channel reaches a poller, without channel and links', async () => {
    const channel = await world.channel({ other_permissions: 'subscribe' });
    const waiting = shop.poll(channel, '?last_id=0', insider.http);
    const { channel: named, channel_room: room, links, ...rest } = await shop.book({ title: 'Pulp', channel });
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
    const { id } = await shop.book({ title: 'old', reads: 1, channel });
    const { body } = await shop.change(id, { title: 'new', reads: 1 });
    expect((await shop.poll(channel, '?last_id=1')).body).toMatchObject({
      action: 'update',
      payload: { id, title: 'new', revision: 2, updated_at: body.updated_at },
    });
    expect(Object.keys((await shop.poll(channel, '?last_id=1')).body.payload)).toHaveLength(4);
    expect(await shop.remove(id)).toMatchObject({ status: 204, body: '' });
    expect((await shop.poll(channel, '?last_id=2')).body).toMatchObject({ action: 'delete', payload: { id } });
  });

  it('2b. permissions are told without a revision, and a change of nothing is told as nothing', async () => {
    const channel = await world.channel();
    const { id } = await shop.book({ title: 'same', channel });
    const { body } = await shop.change(id, { other_permissions: 'read' });
    await shop.change(id, { title: 'same' });
    expect((await shop.poll(channel, '?last_id=1')).body.payload).toEqual({
      id,
      other_permissions: 'read',
      updated_at: body.updated_at,
    });
    expect((await shop.poll(channel, '?last_id=2')).body.payload).toEqual({ id });
  });

  it('3. without traffic a poll ends with 204 and nothing, and the same last_id goes on', async () => {
    const channel = await world.channel();
    const last = await world.publish(channel, { n: 1 });
    expect(await shop.poll(channel, `?last_id=${last}`)).toMatchObject({ status: 204, body: '' });
    const next = await world.publish(channel, { n: 2 });
    expect(await shop.poll(channel, `?last_id=${last}`)).toMatchObject({ status: 200, body: { id: next } });
  });

  it('4. what was published while nobody polled comes once each, in order', async () => {
    const channel = await world.channel();
    for (const n of [1, 2, 3]) await world.publish(channel, { n });
    let last = 0;
    const got: unknown[] = [];
    for (const _ of [1, 2, 3]) {
      const { body } = await shop.poll(channel, `?last_id=${last}`);
      got.push(body.payload.n);
      last = body.id;
    }
    expect(got).toEqual([1, 2, 3]);
    expect(await shop.poll(channel, `?last_id=${last}`)).toMatchObject({ status: 204 });
  });

  it('5. without last_id only what comes later is given', async () => {
    const channel = await world.channel();
    await world.publish(channel, { n: 'before' });
    expect(await shop.poll(channel)).toMatchObject({ status: 204 });
    const waiting = shop.poll(channel);
    const later = until(waiting, () => world.publish(channel, { n: 'later' }));
    expect((await later).body.payload).toEqual({ n: 'later' });
  });

  it('6. two pollers and one publish: both get it', async () => {
    const channel = await world.channel();
    const polls = [shop.poll(channel, '?last_id=0'), shop.poll(channel, '?last_id=0', world.root)];
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
    expect(await shop.poll(channel, '?last_id=0', insider.http)).toMatchObject({ status: 200 });
    expect(await shop.history(channel, '', insider.http)).toMatchObject({ status: 200 });
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
    expect((await shop.poll(channel, '?last_id=0&room=a')).body).toMatchObject({ id, payload: { n: 'a' } });
    const waiting = shop.poll(channel, `?last_id=${id}&room=A`);
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
      expect(await shop.poll(channel, '?last_id=0', http)).toMatchObject(refused);
    }
    expect(await world.root.post(world.path('classes/book/objects/'), { channel })).toMatchObject({
      status: 400,
      body: { non_field_errors: ['Channel room field is required for channels with separate rooms.'] },
    });
    expect(await shop.history(channel, '', insider.http)).toMatchObject(refused);
    for (const http of [world.root, free]) {
      expect((await shop.history(channel, '', http)).body.objects.map(({ room }) => room)).toEqual(['b', 'a']);
      expect((await shop.history(channel, '?room=A', http)).body.objects.map(({ room }) => room)).toEqual(['a']);
    }
    expect((await shop.history(channel, '?room=b', insider.http)).body.objects.map(({ room }) => room)).toEqual(['b']);
    expect((await shop.history(channel, '?room=unknown', insider.http)).body.objects).toEqual([]);
  });

  it('13. a default channel ignores the room', async () => {
    const channel = await world.channel();
    const id = await world.publish(channel, { n: 1 }, 'somewhere');
    expect((await shop.poll(channel, '?last_id=0&room=elsewhere')).body.id).toBe(id);
    expect(await shop.book({ channel, channel_room: 'somewhere' })).toMatchObject({ channel, channel_room: null });
    expect((await shop.history(channel, '?room=nowhere')).body.objects.map(({ room }) => room)).toEqual([null, null]);
  });

  /** Repeats `work` until the poll has been answered: nobody outside can see when a poll has begun to wait. */
  async function until<T>(waiting: Promise<T>, work: () => Promise<unknown>): Promise<T> {
    let answered = false;
    void waiting.then(() => (answered = true));
    while (!answered) await work();
    return waiting;
  }
});
