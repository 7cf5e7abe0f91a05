import { type Body, SyncanoWorld } from './syncano.fixture.js';
import { ADMIN } from './support/nodes.js';
import { done, type Loose, syncano } from './support/syncano-client.js';

interface Message {
  id: number;
  action: string;
  payload: Body;
}

interface ClientPoll {
  on(event: string, listener: (message: Message) => void): void;
  stop(): void;
}

// Real: the whole server, its database, and the unmodified npm client syncano@1.0.30 over HTTP.
describe('the npm client of Syncano, with only its base URL changed', () => {
  let world: SyncanoWorld;
  let admin: Loose;
  const instanceName = 'insta';
  const polls: ClientPoll[] = [];

  beforeAll(async () => {
    world = await SyncanoWorld.open({ ADMIN_EMAIL: ADMIN.email, ADMIN_PASSWORD: ADMIN.password });
    admin = connect({ accountKey: world.accountKey });
  });
  // A poll ends with the request that is under way.
  afterEach(async () => {
    const ends = polls.map((poll) => new Promise<void>((resolve) => poll.on('stop', () => resolve())));
    polls.splice(0).forEach((poll) => poll.stop());
    await Promise.all(ends);
  });
  afterAll(() => world.close());

  const connect = (keys: object): Loose => syncano({ baseUrl: world.server.url, ...keys });

  async function channel(name: string, more: object = {}): Promise<Loose> {
    return done<Loose>(admin.Channel!({ name, instanceName, custom_publish: true, ...more }).save!());
  }

  /** Polls as the client does and keeps what comes. Beginning at an id, so that nothing is lost while it starts. */
  function listen(
    polled: Loose,
    options: object = { lastId: 0 },
  ): { got: Message[]; all: (count: number) => Promise<Message[]> } {
    const got: Message[] = [];
    const waiting: (() => void)[] = [];
    const poll = polled.poll!(options) as unknown as ClientPoll;
    polls.push(poll);
    poll.on('message', (message) => {
      // A wait that ended without a message reads as an empty one.
      if (message.id === undefined) return;
      got.push(message);
      waiting.splice(0).forEach((resolve) => resolve());
    });
    const all = async (count: number): Promise<Message[]> => {
      while (got.length < count) await new Promise<void>((resolve) => waiting.push(resolve));
      return got;
    };
    return { got, all };
  }

  it('registers and logs in an administrator, with the same key', async () => {
    const stranger = connect({});
    const credentials = { email: 'client@example.com', password: 'secret' };
    const registered = await done<Body>(stranger.Account!.register!(credentials));
    expect(registered).toMatchObject({
      email: credentials.email,
      account_key: expect.stringMatching(/^[0-9a-f]{40}$/),
    });
    expect(await done<Body>(connect({}).Account!.login!(credentials))).toMatchObject({
      account_key: registered.account_key,
    });
  });

  it('makes, finds, lists and deletes instances', async () => {
    const made = await done<Body>(admin.Instance!.please!().create!({ name: 'Another-One' }));
    expect(made).toMatchObject({ name: 'another-one', role: 'owner', created_at: expect.any(Date) });
    expect(await done(admin.Instance!.please!().get!({ name: 'Another-One' }))).toMatchObject({ name: 'another-one' });
    const listed = await done<Body[]>(admin.Instance!.please!().list!());
    expect(listed.map(({ name }) => name)).toEqual(['insta', 'another-one']);
    await done(admin.Instance!.please!().delete!({ name: 'another-one' }));
    await expect(done(admin.Instance!.please!().get!({ name: 'another-one' }))).rejects.toThrow(
      'Instance was not found.',
    );
  });

  it('renames an instance, and keeps what its programs share', async () => {
    const made = await done<Loose>(admin.Instance!({ name: 'before-1' }).save!());
    expect(await done(made.setGlobalConfig!({ colour: 'red' }))).toEqual({ config: { colour: 'red' } });
    expect(await done(made.rename!({ new_name: 'After-1' }))).toMatchObject({ name: 'after-1', role: 'owner' });
    const please = (): Loose => admin.Instance!.please!();
    expect(await done(please().getGlobalConfig!({ name: 'after-1' }))).toMatchObject({ config: { colour: 'red' } });
    await expect(done(please().get!({ name: 'before-1' }))).rejects.toThrow('Instance was not found.');
    const taken = { new_name: 'insta' };
    expect(await world.root.post('/v1.1/instances/after-1/rename/', taken)).toMatchObject({
      status: 400,
      body: { new_name: ['This field must be unique.'] },
    });
    expect(await world.root.post('/v1.1/instances/after-1/rename/', { new_name: '1' })).toMatchObject({ status: 400 });
    const large = { config: { text: 'x'.repeat(33_000) } };
    expect(await world.root.put('/v1.1/instances/after-1/snippets/config/', large)).toMatchObject({ status: 400 });
    const program = await world.apiKey({ ignore_acl: true });
    expect(await program.http.get(world.path('snippets/config/'))).toMatchObject({ status: 403 });
    expect(await program.http.post(world.path('rename/'), { new_name: 'other-1' })).toMatchObject({ status: 403 });
    await done(please().delete!({ name: 'after-1' }));
    const { body } = await world.server.http.post<{ account_key: string }>('/v1.1/account/auth/', ADMIN);
    const owner = world.server.http.with({ 'x-api-key': body.account_key });
    expect(await owner.post('/v1.1/instances/main/rename/', { new_name: 'other-1' })).toMatchObject({ status: 403 });
    expect(await owner.get('/v1.1/instances/main/')).toMatchObject({ status: 200, body: { name: 'main' } });
  });

  it('makes, changes, saves, lists and deletes channels', async () => {
    const made = await channel('chan-crud');
    expect(made).toMatchObject({ type: 'default', group: null, other_permissions: 'none', custom_publish: true });
    expect(made.created_at).toBeInstanceOf(Date);
    Object.assign(made, { description: 'new description' });
    expect(await done(made.save!())).toMatchObject({ name: 'chan-crud', description: 'new description' });
    const please = (): Loose => admin.Channel!.please!();
    const named = { name: 'chan-crud', instanceName };
    expect(await done(please().update!(named, { description: 'newer' }))).toMatchObject({ description: 'newer' });
    expect(await done(please().getOrCreate!(named, { description: 'x' }))).toMatchObject({ description: 'newer' });
    const page = await done<Body[]>(please().list!({ instanceName }).pageSize!(2).ordering!('desc'));
    expect(page.map(({ name }) => name)).toEqual(['chan-crud', 'eventlog']);
    await done(made.delete!());
    await expect(done(please().get!(named))).rejects.toThrow('Not found.');
  });

  it('polls from an id on: every message once and in order', async () => {
    const polled = await channel('chan-poll');
    await done(polled.publish!({ n: 1 }));
    const { all } = listen(polled);
    for (const n of [2, 3, 4, 5]) await done(polled.publish!({ n }));
    const got = await all(5);
    expect(got.map(({ payload }) => payload.n)).toEqual([1, 2, 3, 4, 5]);
    expect(got.map(({ id }) => id)).toEqual([1, 2, 3, 4, 5]);
    expect(got[0]).toMatchObject({ action: 'custom', metadata: { type: 'message' } });
  });

  it('hears the three changes of one object', async () => {
    const polled = await channel('chan-objects', { other_permissions: 'subscribe' });
    const schema = [
      { name: 'title', type: 'string' },
      { name: 'reads', type: 'integer' },
    ];
    await done(admin.Class!.please!().create!({ name: 'story', instanceName, schema }));
    const { all } = listen(polled);
    const story = { title: 'Pulp', reads: 1, className: 'story', instanceName, channel: 'chan-objects' };
    const saved = await done<Loose>(admin.DataObject!(story).save!());
    const id = saved.id as unknown as number;
    Object.assign(saved, { title: 'Women' });
    // The client sends all of it back, with the id, the channel and the revision.
    expect(await done(saved.save!())).toMatchObject({ title: 'Women', revision: 2, channel: 'chan-objects' });
    await done(saved.delete!());
    const got = await all(3);
    expect(got.map(({ action }) => action)).toEqual(['create', 'update', 'delete']);
    expect(got[0]!.payload).toMatchObject({ id, title: 'Pulp', reads: 1, revision: 1, owner_permissions: 'full' });
    expect(got[1]!.payload).toEqual({ id, title: 'Women', revision: 2, updated_at: expect.any(String) });
    expect(got[2]!.payload).toEqual({ id });
  });

  it('hears one room only, and reads its history', async () => {
    const polled = await channel('chan-rooms', { type: 'separate_rooms' });
    const { all } = listen(polled, { lastId: 0, room: 'First' });
    await done(polled.publish!({ n: 1 }, 'second'));
    await done(polled.publish!({ n: 2 }, 'first'));
    expect((await all(1))[0]).toMatchObject({ id: 2, payload: { n: 2 } });
    const { objects } = await done<{ objects: Body[] }>(polled.history!({ room: 'first' }));
    expect(objects).toMatchObject([{ id: 2, room: 'first', links: { self: expect.stringContaining('/history/2/') } }]);
    const named = { name: 'chan-rooms', instanceName };
    const raw = await done<{ objects: Body[] }>(admin.Channel!.please!().history!(named, { room: 'second' }));
    expect(raw.objects.map(({ id }) => id)).toEqual([1]);
  });

  it('a group grants a user to publish, with the keys that the user has', async () => {
    const group = await done<Loose>(admin.Group!.please!().create!({ label: 'Writers', instanceName }));
    await channel('chan-group', { group: group.id, group_permissions: 'publish', other_permissions: 'subscribe' });
    const { api_key: apiKey } = await done<Body>(admin.ApiKey!.please!().create!({ instanceName, description: 'app' }));
    const credentials = { username: 'Ann', password: 'secret' };
    const user = await done<Body>(admin.User!.please!().create!({ ...credentials, instanceName }));
    expect(user).toMatchObject({ username: 'Ann', user_key: expect.any(String), profile: { owner: user.id } });

    const app = connect({ apiKey });
    const loggedIn = await done<Body>(app.User!.please!().login!({ instanceName }, credentials));
    expect(loggedIn).toMatchObject({ id: user.id, username: 'ann', user_key: user.user_key });
    const ann = connect({ apiKey, userKey: loggedIn.user_key });
    expect(await done<Body>(ann.User!.please!().get!({ instanceName }))).toMatchObject({ id: user.id });

    const publish = () =>
      done<Body>(ann.Channel!.please!().publish!({ name: 'chan-group', instanceName }, { content: 'x' }));
    await expect(publish()).rejects.toThrow('You do not have permission to perform this action.');
    await done(group.addUser!({ user: user.id }));
    expect(await publish()).toMatchObject({ author: { user: user.id }, payload: { content: 'x' } });

    const users = await done<Body[]>(group.users!());
    expect(users.map(({ id }) => id)).toEqual([user.id]);
    const groups = await done<Body[]>(admin.User!.please!().getGroups!({ instanceName, user: user.id }));
    expect(groups.map(({ id }) => id)).toEqual([group.id]);
    await done(group.deleteUser!({ user: user.id }));
    await expect(publish()).rejects.toThrow('You do not have permission to perform this action.');
  });

  it('makes, finds, changes and deletes users, groups and keys', async () => {
    const user = await done<Loose>(admin.User!({ username: 'crud-user', password: 'secret', instanceName }).save!());
    const before = user.user_key as unknown as string;
    const reset = await done<Body>(admin.User!.please!().resetKey!({ instanceName, id: user.id }));
    expect(reset.user_key).not.toBe(before);
    const changed = admin.User!.please!().update!({ instanceName, id: user.id }, { username: 'Renamed' });
    expect(await done(changed)).toMatchObject({ username: 'Renamed' });
    expect(await done<Body[]>(admin.User!.please!().list!({ instanceName }))).toContainEqual(
      expect.objectContaining({ username: 'renamed' }),
    );
    await done(admin.User!.please!().delete!({ instanceName, id: user.id }));

    const group = await done<Loose>(admin.Group!({ label: 'one', instanceName }).save!());
    Object.assign(group, { label: 'two' });
    expect(await done(group.save!())).toMatchObject({ label: 'two' });
    await done(group.delete!());

    const apiKey = await done<Loose>(admin.ApiKey!({ instanceName, ignore_acl: true, description: 'x' }).save!());
    expect(apiKey).toMatchObject({ ignore_acl: true, allow_user_create: false });
    await done(apiKey.delete!());
  });

  it('filters, sorts, counts up and pages objects', async () => {
    const schema = [
      { name: 'title', type: 'string', order_index: true, filter_index: true },
      { name: 'pages', type: 'integer', order_index: true, filter_index: true },
      { name: 'tags', type: 'array' },
    ];
    await done(admin.Class!.please!().create!({ name: 'novel', instanceName, schema }));
    const of = { instanceName, className: 'novel' };
    for (const [title, pages] of [
      ['a', 30],
      ['b', 20],
      ['c', 10],
    ] as const) {
      await done(admin.DataObject!.please!().create!({ ...of, title, pages, tags: ['x'] }));
    }
    const titles = async (query: Loose): Promise<unknown[]> => (await done<Body[]>(query)).map(({ title }) => title);
    const list = (): Loose => admin.DataObject!.please!().list!(of);
    expect(await titles(list().filter!({ pages: { _gte: 20 } }).orderBy!('pages'))).toEqual(['b', 'a']);
    expect(await titles(list().orderBy!('-title'))).toEqual(['c', 'b', 'a']);
    expect(await titles(list().pageSize!(1))).toEqual(['a']);
    const raw = await done<Body>(list().raw!());
    expect(raw).toMatchObject({ next: null, prev: null });
    const [first] = await done<Body[]>(list());
    const one = { ...of, id: first!.id };
    expect(await done(admin.DataObject!.please!().increment!(one, { pages: 5 }))).toMatchObject({ pages: 35 });
    expect(await done(admin.DataObject!.please!().add!(one, { tags: ['y'] }))).toMatchObject({ tags: ['x', 'y'] });
    expect(await done(admin.DataObject!.please!().remove!(one, { tags: ['x'] }))).toMatchObject({ tags: ['y'] });
  });
});
