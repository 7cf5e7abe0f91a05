import { JwtService } from '@nestjs/jwt';
import { ticket } from './support/chat.js';
import { addressOf, bodyOf, furnish, type Furnished } from './support/furnished.js';
import { ADMIN } from './support/nodes.js';
import { type ErrorBody, expectRefusal } from './support/refusals.js';
import { allRoutes, type Route } from './support/routes.js';
import { startServer, type TestServer } from './support/start-server.js';

/** Logins, and what is asked before one. */
const NEEDS_NONE = /^\/api\/(auth|realtime\/status)\b/;

// Real: the whole server over HTTP, and its database.
describe('bad credentials over REST', () => {
  let server: TestServer;
  let world: Furnished;
  let routes: Route[];

  beforeAll(async () => {
    server = await startServer({ env: { ADMIN_EMAIL: ADMIN.email, ADMIN_PASSWORD: ADMIN.password } });
    world = await furnish(server.http, ADMIN);
    routes = await allRoutes(server.http);
  });
  afterEach(async () => {
    expect((await world.ann.http.get('/api/me')).status).toBe(200);
  });
  afterAll(() => server.close());

  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const claims = (more: object = {}): object => ({
    sub: String(world.boss.id),
    workspace: 1,
    type: 'access',
    ...more,
  });
  const now = (): number => Math.floor(Date.now() / 1000);
  const sign = (payload: object, options: object = {}): string =>
    new JwtService({ secret: server.settings.jwtSecret }).sign(payload, options);

  const BAD: [string, () => string | Promise<string>, string][] = [
    ['of the algorithm none', () => `${part({ alg: 'none', typ: 'JWT' })}.${part(claims())}.`, 'auth.token_invalid'],
    ['of the algorithm None', () => `${part({ alg: 'None' })}.${part(claims())}.`, 'auth.token_invalid'],
    ['with another key', () => new JwtService({ secret: 'y'.repeat(40) }).sign(claims()), 'auth.token_invalid'],
    ['with another algorithm', () => sign(claims(), { algorithm: 'HS512' }), 'auth.token_invalid'],
    ['with a changed payload', () => swapPayload(world.ann.token, part(claims())), 'auth.token_invalid'],
    ['that has expired', () => sign(claims({ exp: now() - 10 })), 'auth.token_expired'],
    ['that is not yet valid', () => sign(claims({ nbf: now() + 1_000 })), 'auth.token_invalid'],
    ['for a room', () => ticket(world.boss, '/channels'), 'auth.token_invalid'],
    ['for another purpose', () => sign(claims({ type: 'refresh' })), 'auth.token_invalid'],
    ['for another audience', () => sign(claims({ aud: 'elsewhere' })), 'auth.token_invalid'],
    ['of another workspace', () => sign(claims({ workspace: 2 })), 'auth.token_invalid'],
    ['of nobody', () => sign(claims({ sub: '424242' })), 'auth.token_invalid'],
    ['of a member that is no number', () => sign(claims({ sub: "1' OR 1=1" })), 'auth.token_invalid'],
    ['of a number too large', () => sign(claims({ sub: '9'.repeat(40) })), 'auth.token_invalid'],
    ['without a member', () => sign({ type: 'access' }), 'auth.token_invalid'],
    ['that renews a login', () => world.boss.refreshToken, 'auth.token_invalid'],
    ['that is a key', () => world.apiKey.api_key, 'auth.token_invalid'],
    ['of junk', () => 'junk', 'auth.token_invalid'],
    ['of dots', () => '..', 'auth.token_invalid'],
    ['of 10 KB', () => 'x'.repeat(10_000), 'auth.token_invalid'],
  ];

  it.each(BAD)('a token %s opens nothing', async (_kind, make, code) => {
    const http = server.http.as(await make());
    for (const route of routes.filter(({ template }) => template.startsWith('/api/') && !NEEDS_NONE.test(template))) {
      const body = route.fields ? bodyOf(route, world) : undefined;
      const reply = await http.send<ErrorBody>(route.method, addressOf(route, world), body);
      expectRefusal(route.name, reply);
      expect([route.name, reply.status, reply.body.error!.code]).toEqual([route.name, 401, code]);
    }
  });

  it.each(['', 'Bearer', 'Bearer ', 'Basic YTpi', 'bearer', 'Token x', 'Bearer  x', ', ,'])(
    'the header "%s" opens nothing',
    async (authorization) => {
      const reply = await server.http.with({ authorization }).get<ErrorBody>('/api/me');
      expectRefusal(authorization, reply);
      expect(reply.status).toBe(401);
    },
  );

  it.each(['x', '0'.repeat(40), '\u00e9'.repeat(40), 'x'.repeat(8_000)])('the key "%s" opens nothing', async (key) => {
    const reply = await server.http.with({ 'x-api-key': key }).get<ErrorBody>('/api/groups');
    expectRefusal('a key', reply);
    expect(reply.status).toBe(401);
  });
});

function swapPayload(token: string, payload: string): string {
  const [header, , signature] = token.split('.');
  return [header, payload, signature].join('.');
}
