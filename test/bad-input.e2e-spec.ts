import { addressOf, bodyOf, furnish, type Furnished } from './support/furnished.js';
import type { HttpClient, HttpReply } from './support/http-client.js';
import { ADMIN } from './support/nodes.js';
import { type ErrorBody, expectRefusal } from './support/refusals.js';
import { allRoutes, type Route } from './support/routes.js';
import { startServer, type TestServer } from './support/start-server.js';

const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth);
/** Parameters that may be almost any text. */
const ANY_WORD = /\{(emoji|key|config)\}/;
const HUGE = 'x'.repeat(2 * 1024 * 1024);

/** Values that fit nowhere, or that break those who take them as they are. */
const HOSTILE: [string, unknown][] = [
  ['null', null],
  ['a boolean', true],
  ['zero', 0],
  ['a negative number', -1],
  ['a fraction', 1.5],
  ['an id beyond 32 bits', 2 ** 40],
  ['an id beyond 53 bits', 1e300],
  ['an empty text', ''],
  ['NUL', 'a\u0000b'],
  ['a lone surrogate', 'a\ud800b'],
  ['a long text', 'x'.repeat(70_000)],
  ['SQL', `'; DROP TABLE members; --`],
  ['an empty list', []],
  ['a list of everything', [null, 'x', {}, [], -1, 1e300]],
  ['an object', { a: { b: null } }],
  ['NUL inside', { a: ['x\u0000'] }],
  ['surrogates inside', { 'a\udfff': 1 }],
  ['a prototype', JSON.parse('{"__proto__":{"admin":true}}')],
  ['a constructor', { constructor: { prototype: { admin: true } } }],
  ['something deep', JSON.parse(nested(3_000)) as unknown],
];

// Real: the whole server over HTTP, and its database.
describe('bad input over REST', () => {
  let server: TestServer;
  let world: Furnished;
  let routes: Route[];
  const withBody = (): Route[] => routes.filter(({ fields }) => fields !== null);

  beforeAll(async () => {
    server = await startServer({ env: { ADMIN_EMAIL: ADMIN.email, ADMIN_PASSWORD: ADMIN.password } });
    world = await furnish(server.http, ADMIN);
    routes = await allRoutes(server.http);
  });
  afterEach(async () => {
    expect((await world.ann.http.get('/api/me')).status).toBe(200);
  });
  afterAll(() => server.close());

  /** As those who may do the most there. */
  const callerOf = ({ template }: Route): HttpClient =>
    template.startsWith('/api/chat-rooms') ? world.ann.http : world.boss.http;

  async function refused(
    route: Route,
    body: unknown,
    wanted: number[],
    http = callerOf(route),
  ): Promise<HttpReply<ErrorBody>> {
    const reply = await http.send<ErrorBody>(route.method, addressOf(route, world), body);
    const what = `${route.name} with ${JSON.stringify(body)?.slice(0, 200)}`;
    expectRefusal(what, reply);
    if (!wanted.includes(reply.status)) throw new Error(`${what} was answered ${reply.status}`);
    return reply;
  }

  it('fields of every wrong kind are refused by every route', async () => {
    for (const route of withBody()) {
      const good = bodyOf(route, world);
      for (const field of route.fields!) {
        for (const [kind, value] of HOSTILE) {
          const reply = await callerOf(route).send<ErrorBody>(route.method, addressOf(route, world), {
            ...good,
            [field]: value,
          });
          expectRefusal(`${route.name} with ${kind} as ${field}`, reply);
          // What was accepted comes back as JSON, and did not break anything.
          if (reply.status < 300 && reply.status !== 204) expect(typeof reply.body).toBe('object');
        }
      }
    }
  });

  it('an unknown field is refused by every route, and named', async () => {
    for (const route of withBody()) {
      const reply = await refused(route, { ...bodyOf(route, world), surplus: 1 }, [400]);
      expect(reply.body.error).toMatchObject({ code: 'request.invalid' });
      expect(JSON.stringify(reply.body)).toContain('surplus');
    }
  });

  it.each<[string, string, number]>([
    ['malformed', '{"a":', 400],
    ['a text', '"text"', 400],
    ['a number', '42', 400],
    ['null', 'null', 400],
    ['a list', '[]', 400],
    ['empty', '', 400],
    ['of 2 MiB', JSON.stringify({ body: HUGE }), 413],
    ['deep', nested(20_000), 400],
    ['poisoned', '{"__proto__":{"admin":true}}', 400],
    ['with a key twice and a comma too many', '{"name":1,"name":2,}', 400],
  ])('a body that is %s is refused by every route', async (_kind, body, status) => {
    for (const route of withBody()) {
      // Where nothing is required, an empty object is fine; these are no objects.
      await refused(route, body, [status]);
    }
  });

  it('bytes that are no UTF-8, and other content types, are refused by every route', async () => {
    const bad: [string, Buffer | string, number[]][] = [
      ['application/json', Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d]), [400]],
      ['application/json; charset=utf-16', Buffer.from('{}', 'utf16le'), [400, 415]],
      ['text/plain', '{}', [415]],
      ['application/x-www-form-urlencoded', 'surplus=1', [400, 415]],
      ['multipart/form-data', '--x', [415]],
      ['application/xml', '<a/>', [415]],
      ['what is this', 'x', [415]],
      ['', 'x', [400, 415]],
    ];
    for (const route of withBody()) {
      for (const [type, body, wanted] of bad) {
        const response = await fetch(server.url + addressOf(route, world), {
          method: route.method,
          headers: { 'content-type': type, authorization: `Bearer ${world.boss.token}` },
          body,
        });
        const reply = {
          status: response.status,
          headers: response.headers,
          body: (await response.json()) as ErrorBody,
        };
        expectRefusal(`${route.name} as ${type}`, reply);
        if (!wanted.includes(reply.status)) throw new Error(`${route.name} as ${type} was answered ${reply.status}`);
      }
    }
  });

  it('odd addresses are refused, not stumbled over', async () => {
    const odd = [
      '%00',
      '%ff',
      '%',
      '%2',
      '%2e%2e%2f',
      '..%2f..',
      'a%0d%0ab',
      '%ed%a0%80',
      '0',
      '-1',
      '1e9',
      '9'.repeat(30),
    ];
    const more = [
      'NaN',
      ' ',
      '%20',
      'x'.repeat(5_000),
      "'",
      '"',
      '[object Object]',
      'null',
      '__proto__',
      'constructor',
    ];
    for (const route of routes.filter(({ template }) => template.replace(ANY_WORD, '').includes('{'))) {
      const address = addressOf(route, world);
      for (const text of [...odd, ...more]) {
        // Nearly any word names an emoji or a document, so there it is what comes before that has to be odd.
        const last = route.template.replace(ANY_WORD, '').lastIndexOf('{');
        const depth = route.template.slice(0, last).split('/').length - 1;
        const path = address
          .split('/')
          .map((step, index) => (index === depth ? text : step))
          .join('/');
        const good = route.fields ? bodyOf(route, world) : undefined;
        const reply = await callerOf(route).send<ErrorBody>(route.method, path, good);
        expectRefusal(`${route.method} ${path}`, reply);
        expect(reply.status).toBeGreaterThanOrEqual(400);
      }
    }
  });

  it('odd queries are refused, not stumbled over', async () => {
    const odd = [
      '-1',
      '0',
      '1e9',
      '9'.repeat(30),
      '%00',
      '%ff',
      '%ed%a0%80',
      '',
      'x'.repeat(5_000),
      'null',
      '1&limit=2',
      '[]',
    ];
    for (const route of routes.filter(({ query }) => query.length > 0)) {
      for (const name of route.query) {
        for (const value of [...odd, ...odd.map((text) => `${text}&${name}=${text}`)]) {
          const path = `${addressOf(route, world)}?${name}=${value}`;
          expectRefusal(`${route.method} ${path}`, await callerOf(route).send<ErrorBody>(route.method, path));
        }
      }
      const path = `${addressOf(route, world)}?surplus=1`;
      expect((await callerOf(route).send<ErrorBody>(route.method, path)).status).toBe(400);
    }
  });

  it('a question for the options that comes from no browser is no fault', async () => {
    for (const path of ['/api/me', '/api/nothing']) {
      expect((await world.ann.http.send('OPTIONS', path)).status).toBe(204);
    }
  });

  it('what is not there, and methods that nobody has, are answered in the same shape', async () => {
    for (const [method, path, status] of [
      ['GET', '/api/nothing', 404],
      ['GET', '/%ff', 400],
      ['GET', '//', 404],
      ['PUT', '/api/me', 404],
      ['DELETE', '/api/auth/login', 404],
      ['PROPFIND', '/api/me', 404],
    ] as const) {
      const reply = await world.ann.http.send<ErrorBody>(method, path);
      expectRefusal(`${method} ${path}`, reply);
      expect([method, path, reply.status]).toEqual([method, path, status]);
    }
  });
});
