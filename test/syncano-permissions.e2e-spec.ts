import { DataSource } from 'typeorm';
import { AccessPolicy } from '../src/access/access-policy.js';
import type { Identity } from '../src/auth/identity.js';
import { ApiKeyDirectory, MemberDirectory } from '../src/auth/identity-directory.js';
import type { HttpClient } from './support/http-client.js';
import { type Body, registerAccount, SyncanoWorld } from './syncano.fixture.js';

const LEVELS = ['none', 'subscribe', 'publish'] as const;
type Level = (typeof LEVELS)[number];
const CALLERS = ['account', 'ignore_acl', 'user', 'anonymous', 'plain'] as const;
type CallerKind = (typeof CALLERS)[number];

const READ = ['get', 'listed', 'poll', 'history', 'item'] as const;
const OBJECT = ['create object', 'change object', 'delete object'] as const;
const ACTIONS = [...READ, 'publish', ...OBJECT, 'create channel', 'change channel', 'delete channel'] as const;
type Action = (typeof ACTIONS)[number];

/** What each kind of caller may do where everybody has a level. */
function may(caller: CallerKind, action: Action, level: Level): boolean {
  if (caller === 'account') return true;
  if (action.endsWith(' channel')) return false;
  if (caller === 'ignore_acl') return true;
  if (caller === 'plain') return false;
  if ((READ as readonly string[]).includes(action)) return level !== 'none';
  return caller === 'user' && level === 'publish';
}

const TABLE = CALLERS.flatMap((caller) =>
  LEVELS.flatMap((level) => ACTIONS.map((action) => [caller, action, level, may(caller, action, level)] as const)),
);

// Real: the whole server, its policy and its doors. Five kinds of caller, twelve actions, three levels.
describe('who may do what with a channel', () => {
  let world: SyncanoWorld;
  const http = {} as Record<CallerKind, HttpClient>;
  const identity = {} as Record<Exclude<CallerKind, 'account'>, () => Promise<Identity>>;
  const channels = {} as Record<Level, string>;

  beforeAll(async () => {
    world = await SyncanoWorld.open();
    const [free, anonymous, plain] = [
      await world.apiKey({ ignore_acl: true }),
      await world.apiKey({ allow_anonymous_read: true }),
      await world.apiKey(),
    ];
    const user = await world.user(plain.key);
    Object.assign(http, { account: world.root, ignore_acl: free.http, anonymous: anonymous.http, plain: plain.http });
    http.user = user.http;
    const keys = world.server.app.get(ApiKeyDirectory);
    const members = world.server.app.get(MemberDirectory);
    identity.ignore_acl = async () => (await keys.findApiKey(free.key))!;
    identity.anonymous = async () => (await keys.findApiKey(anonymous.key))!;
    identity.plain = async () => (await keys.findApiKey(plain.key))!;
    identity.user = async () => (await members.findMember(user.id))!;
    await world.root.post(world.path('classes/'), { name: 'thing', schema: [{ name: 'title', type: 'string' }] });
    for (const level of LEVELS) {
      channels[level] = await world.channel({ other_permissions: level });
      await world.publish(channels[level], { n: 1 });
    }
  });
  afterAll(() => world.close());

  const object = async (channel: string): Promise<string> => {
    const { body } = await world.root.post<Body>(world.path('classes/thing/objects/'), {
      ...{ title: 'x', channel, other_permissions: 'full' },
    });
    return world.path(`classes/thing/objects/${String(body.id)}/`);
  };

  const doors: Record<Action, (client: HttpClient, channel: string, level: Level) => Promise<boolean>> = {
    get: async (client, channel) => opens(client.get(world.path(`channels/${channel}/`))),
    listed: async (client, channel) => {
      const { status, body } = await client.get<{ objects?: Body[] }>(world.path('channels/'));
      expect([200, 403]).toContain(status);
      return body.objects?.some(({ name }) => name === channel) ?? false;
    },
    poll: async (client, channel) => opens(client.get(world.path(`channels/${channel}/poll/?last_id=0`))),
    history: async (client, channel) => opens(client.get(world.path(`channels/${channel}/history/`))),
    item: async (client, channel) => opens(client.get(world.path(`channels/${channel}/history/1/`))),
    publish: async (client, channel) => opens(client.post(world.path(`channels/${channel}/publish/`), { payload: {} })),
    'create object': async (client, channel) => opens(client.post(world.path('classes/thing/objects/'), { channel })),
    'change object': async (client, channel) => opens(client.patch(await object(channel), { title: 'y' })),
    'delete object': async (client, channel) => opens(client.delete(await object(channel))),
    'create channel': async (client) => opens(client.post(world.path('channels/'), { name: world.name('made') })),
    'change channel': async (client, channel) =>
      opens(client.patch(world.path(`channels/${channel}/`), { description: world.name('d') })),
    'delete channel': async (client, _channel, level) =>
      opens(client.delete(world.path(`channels/${await world.channel({ other_permissions: level })}/`))),
  };

  it.each(TABLE)('%s: %s, where everybody may %s: %s', async (caller, action, level, expected) => {
    expect(await doors[action](http[caller], channels[level], level)).toBe(expected);
  });

  const POLICY = TABLE.filter(
    ([caller, action]) => caller !== 'account' && ['get', 'poll', 'publish'].includes(action),
  );
  it.each(POLICY)(
    'the policy says the same to %s: %s, where everybody may %s: %s',
    async (caller, action, level, expected) => {
      const workspaceId = (await identity.plain()).workspaceId;
      const name = { get: 'read', poll: 'subscribe', publish: 'publish' }[action as 'get' | 'poll' | 'publish'];
      const thing = { kind: 'channel', workspaceId, name: channels[level] };
      const who = await identity[caller as Exclude<CallerKind, 'account'>]();
      expect(await world.server.app.get(AccessPolicy).can(who, name, thing)).toBe(expected);
    },
  );

  it('what is refused is a 403, and what is not there a 404', async () => {
    const { body, status } = await http.user.get(world.path(`channels/${channels.none}/`));
    expect({ status, body }).toEqual({
      status: 403,
      body: { detail: 'You do not have permission to perform this action.' },
    });
    expect(await http.user.get(world.path('channels/nowhere/'))).toMatchObject({
      status: 404,
      body: { detail: 'Not found.' },
    });
    expect(await http.user.get(world.path('channels/nowhere/history/'))).toMatchObject({
      status: 404,
      body: { detail: 'Channel was not found.' },
    });
  });

  it('a role of an account is a limit: who reads does not write', async () => {
    const { accountKey, roleOf } = await reader();
    const client = world.server.http.with({ 'x-api-key': accountKey });
    expect(await roleOf()).toBe('read');
    expect(await doors.history(client, channels.none, 'none')).toBe(true);
    for (const action of ['publish', ...OBJECT, 'create channel', 'change channel', 'delete channel'] as const) {
      expect([action, await doors[action](client, channels.publish, 'publish')]).toEqual([action, false]);
    }
    expect(await client.get(world.path('api_keys/'))).toMatchObject({ status: 403 });
    expect(await client.get<{ objects: Body[] }>(world.path('users/'))).toMatchObject({ status: 200 });
    const users = await client.get<{ objects: Body[] }>(world.path('users/'));
    expect(users.body.objects.every((user) => !('user_key' in user))).toBe(true);
    expect(await client.delete(world.path(''))).toMatchObject({ status: 403 });
    expect(await client.get(world.path('snippets/config/'))).toMatchObject({ status: 200, body: { config: {} } });
    expect(await client.put(world.path('snippets/config/'), { config: {} })).toMatchObject({ status: 403 });
    expect(await client.post(world.path('rename/'), { new_name: 'other-1' })).toMatchObject({ status: 403 });
  });

  async function reader() {
    const source = world.server.app.get(DataSource);
    const accountKey = await registerAccount(world.server.http, 'reader@example.com');
    await source.query(
      `INSERT INTO workspace_roles (account_id, workspace_id, role)
       SELECT accounts.id, workspaces.id, 'read' FROM accounts, workspaces
       WHERE email = 'reader@example.com' AND workspaces.name = $1`,
      [world.instance],
    );
    const client = world.server.http.with({ 'x-api-key': accountKey });
    return { accountKey, roleOf: async () => (await client.get<Body>(world.path(''))).body.role };
  }
});

/** Whether the door lets them in; nothing but success and refusal is expected. */
async function opens(reply: Promise<{ status: number }>): Promise<boolean> {
  const { status } = await reply;
  expect([200, 201, 204, 403]).toContain(status);
  return status !== 403;
}
