import { AccessPolicy } from '../src/access/access-policy.js';
import { AccessTokens } from '../src/auth/access-tokens.js';
import type { Identity } from '../src/auth/identity.js';
import { ApiKeyDirectory, MemberDirectory } from '../src/auth/identity-directory.js';
import { AccountsService, WorkspaceAdministration } from '../src/modules/accounts/index.js';
import { EventReader } from './support/event-source.js';
import type { HttpClient } from './support/http-client.js';
import { LiveClient } from './support/live-client.js';
import { openSocket } from './support/socket-client.js';
import { type Body, SyncanoWorld } from './syncano.fixture.js';

const LEVELS = ['none', 'subscribe', 'publish'] as const;
type Level = (typeof LEVELS)[number];

const PROGRAMS = ['ignore_acl', 'anonymous', 'plain'] as const;
const CALLERS = ['member', ...PROGRAMS] as const;
type CallerKind = (typeof CALLERS)[number] | 'account';

const READING = ['get', 'listed', 'history', 'join', 'event stream', 'topic', 'read', 'subscribe'];
const CHANGING = ['create channel', 'change channel', 'delete channel', 'update', 'delete'];

/** The one rule that is asked at all of these doors. */
function may(caller: CallerKind, action: string, level: Level): boolean {
  if (caller === 'account') return true;
  if (CHANGING.includes(action)) return false;
  if (caller === 'ignore_acl') return true;
  if (caller === 'plain') return false;
  return READING.includes(action) ? level !== 'none' : caller === 'member' && level === 'publish';
}

const REST = ['get', 'listed', 'history', 'publish', 'create object', 'change object', 'delete object'] as const;
const CHANNELS = ['create channel', 'change channel', 'delete channel'] as const;
const SOCKETS = ['join', 'event stream', 'topic', 'new-message'] as const;
const POLICY = ['read', 'subscribe', 'publish', 'update', 'delete'] as const;

const table = <Caller extends CallerKind, Action extends string>(
  callers: readonly Caller[],
  actions: readonly Action[],
) =>
  callers.flatMap((caller) =>
    LEVELS.flatMap((level) => actions.map((action) => [caller, action, level, may(caller, action, level)] as const)),
  );

// Real: the whole server, its policy and every door but the one of the dialect with permissions of its own tests.
describe('who may do what with a channel, at every door', () => {
  let world: SyncanoWorld;
  let token: string;
  let live: LiveClient;
  const http = {} as Record<(typeof CALLERS)[number], HttpClient>;
  const identity = {} as Record<CallerKind, Identity>;
  const channels = {} as Record<Level, string>;

  beforeAll(async () => {
    world = await SyncanoWorld.open();
    const { app, url } = world.server;
    const keys = {
      ignore_acl: await world.apiKey({ ignore_acl: true }),
      anonymous: await world.apiKey({ allow_anonymous_read: true }),
      plain: await world.apiKey(),
    };
    for (const program of PROGRAMS) {
      http[program] = keys[program].http;
      identity[program] = (await app.get(ApiKeyDirectory).findApiKey(keys[program].key))!;
    }
    const { id } = await world.user(keys.plain.key);
    identity.member = (await app.get(MemberDirectory).findMember(id))!;
    const { workspaceId } = identity.member;
    token = app.get(AccessTokens).sign({ id, workspaceId });
    http.member = world.server.http.as(token);
    const owner = (await app.get(AccountsService).findByKey(world.accountKey))!;
    identity.account = (await app.get(WorkspaceAdministration).identityOf(owner, workspaceId))!;
    await world.root.post(world.path('classes/'), { name: 'thing', schema: [{ name: 'title', type: 'string' }] });
    for (const level of LEVELS) {
      channels[level] = await world.channel({ other_permissions: level });
      await world.publish(channels[level], { n: 1 });
    }
    live = await LiveClient.open(url, token);
  });
  afterAll(async () => {
    live.close();
    await world.close();
  });

  const object = async (channel: string): Promise<string> => {
    const wanted = { title: 'x', channel, other_permissions: 'full' };
    const { body } = await world.root.post<Body>(world.path('classes/thing/objects/'), wanted);
    return `/api/classes/thing/objects/${String(body.id)}`;
  };

  const rest: Record<(typeof REST)[number], (client: HttpClient, channel: string) => Promise<boolean>> = {
    get: (client, channel) => opens(client.get(`/api/channels/${channel}`)),
    listed: async (client, channel) => {
      const { body } = await client.get<{ records?: Body[] }>('/api/channels?limit=100');
      return body.records?.some(({ name }) => name === channel) ?? false;
    },
    history: (client, channel) => opens(client.get(`/api/channels/${channel}/history`)),
    publish: (client, channel) => opens(client.post(`/api/channels/${channel}/publish`, { payload: {} })),
    'create object': (client, channel) => opens(client.post('/api/classes/thing/objects', { channel })),
    'change object': async (client, channel) => opens(client.patch(await object(channel), { title: 'y' })),
    'delete object': async (client, channel) => opens(client.delete(await object(channel))),
  };

  it.each(table(CALLERS, REST))('/api: %s: %s, where everybody may %s: %s', async (caller, action, level, expected) => {
    expect(await rest[action](http[caller], channels[level])).toBe(expected);
  });

  const changes: Record<(typeof CHANNELS)[number], (client: HttpClient, level: Level) => Promise<boolean>> = {
    'create channel': (client, level) =>
      opens(client.post('/api/channels', { name: world.name('made'), other_permissions: level })),
    'change channel': (client, level) =>
      opens(client.patch(`/api/channels/${channels[level]}`, { description: world.name('d') })),
    'delete channel': async (client, level) =>
      opens(client.delete(`/api/channels/${await world.channel({ other_permissions: level })}`)),
  };

  it.each(table(CALLERS, CHANNELS))(
    '/api: %s: %s that everybody may %s: %s',
    async (caller, action, level, expected) => {
      expect(await changes[action](http[caller], level)).toBe(expected);
    },
  );

  const sockets: Record<(typeof SOCKETS)[number], (channel: string) => Promise<boolean>> = {
    join: async (channel) => {
      const room = `/channels/${channel}`;
      const reply = await http.member.post<{ websockets?: { token: string }[] }>('/api/realtime/tokens', {
        rooms: [room],
      });
      const socket = await (await openSocket(world.server.url)).authenticate(token);
      // Without a ticket of its own, that of another room: the refusal must not depend on it.
      const ticket = reply.body.websockets?.[0]?.token ?? (await ticketFor('/channels'));
      socket.emit('realtime:join', { name: room, token: ticket });
      const answer = await Promise.race([
        socket.next('realtime:join:success').then(() => true),
        socket.next('realtime:join:error').then(() => false),
      ]);
      expect(reply.status === 201).toBe(answer);
      socket.close();
      return answer;
    },
    'event stream': async (channel) => {
      const events = await EventReader.open(`${world.server.url}/api/events?rooms=/channels/${channel}`, {
        authorization: `Bearer ${token}`,
      });
      events.close();
      return opens(Promise.resolve(events.response));
    },
    topic: async (channel) => {
      const { EventType } = await live.ask('subscribe', { topic: channel });
      return EventType === 'subscribed';
    },
    'new-message': async (channel) => {
      const { EventType } = await live.ask('new-message', { topic: channel, message: { text: 'hi' } });
      return EventType === 'response';
    },
  };

  it.each(table(['member'], SOCKETS))(
    '%s: %s, where everybody may %s: %s',
    async (_caller, action, level, expected) => {
      expect(await sockets[action](channels[level])).toBe(expected);
    },
  );

  it.each(table([...CALLERS, 'account'], POLICY))(
    'the policy: %s: %s, where everybody may %s: %s',
    async (caller, action, level, expected) => {
      const thing = { kind: 'channel', workspaceId: identity.member.workspaceId, name: channels[level] };
      expect(await world.server.app.get(AccessPolicy).can(identity[caller], action, thing)).toBe(expected);
    },
  );

  async function ticketFor(room: string): Promise<string> {
    const { body } = await http.member.post<{ websockets: { token: string }[] }>('/api/realtime/tokens', {
      rooms: [room],
    });
    return body.websockets[0]!.token;
  }
});

/** Whether the door lets them in. What somebody may not see is not there. */
async function opens(reply: Promise<{ status: number }>): Promise<boolean> {
  const { status } = await reply;
  expect([200, 201, 204, 403, 404]).toContain(status);
  return status < 300;
}
