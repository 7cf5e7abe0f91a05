import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, exportSPKI, generateKeyPair, type JWTPayload, SignJWT } from 'jose';
import { openSocket } from './support/socket-client.js';
import { logIn, PASSWORD } from './support/people.js';
import { startServer, type TestServer } from './support/start-server.js';

const ISSUER = 'https://issuer.example.com/';
const AUDIENCE = 'roomcast-of-the-tests';
const ADMIN = { ADMIN_EMAIL: 'admin@example.com', ADMIN_PASSWORD: PASSWORD };

type KeyPair = Awaited<ReturnType<typeof generateKeyPair>>;
type Failure = { error?: { code: string } };

/** An issuer with its key set on a port of its own, which can go away and come back. */
class Issuer {
  readonly pairs = new Map<string, { alg: string; pair: KeyPair }>();
  asked = 0;
  private server: Server | null = null;
  private port = 0;

  async addKey(alg: string, kid = alg): Promise<void> {
    this.pairs.set(kid, { alg, pair: await generateKeyPair(alg, { extractable: true }) });
  }

  async open(): Promise<void> {
    const server = createServer((_request, response) => {
      this.asked += 1;
      void this.keySet().then((keys) => response.setHeader('connection', 'close').end(JSON.stringify({ keys })));
    });
    await new Promise<void>((resolve) => server.listen(this.port, '127.0.0.1', resolve));
    this.port = (server.address() as AddressInfo).port;
    this.server = server;
  }

  async close(): Promise<void> {
    await new Promise((resolve) => this.server?.close(resolve));
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}/jwks.json`;
  }

  sign(claims: JWTPayload, { kid = 'RS256', iss = ISSUER, aud = AUDIENCE, exp = '10m' as string | number } = {}) {
    const { alg, pair } = this.pairs.get(kid)!;
    const token = new SignJWT(claims).setProtectedHeader({ alg, kid }).setIssuer(iss).setAudience(aud).setIssuedAt();
    return token.setExpirationTime(exp).sign(pair.privateKey);
  }

  private keySet() {
    return Promise.all(
      [...this.pairs].map(async ([kid, { alg, pair }]) => ({
        ...(await exportJWK(pair.publicKey)),
        kid,
        alg,
        use: 'sig',
      })),
    );
  }
}

// Real: the whole server over HTTP and Socket.IO, and an issuer that answers over HTTP.
describe('tokens of another issuer', () => {
  let issuer: Issuer;
  let server: TestServer;

  beforeAll(async () => {
    issuer = new Issuer();
    for (const alg of ['RS256', 'ES256', 'EdDSA', 'PS256']) await issuer.addKey(alg);
    await issuer.open();
    server = await start({ JWT_PROVISION: 'on' });
  });
  afterAll(async () => {
    await server.close();
    await issuer.close();
  });

  const start = (env: Record<string, string>): Promise<TestServer> =>
    startServer({ env: { ...ADMIN, JWT_ISSUER: ISSUER, JWT_AUDIENCE: AUDIENCE, JWKS_URL: issuer.url, ...env } });
  const me = async (token: string, at = server) => {
    const { status, body, headers } = await at.http
      .as(token)
      .get<Failure & { id: number; name: string; email: string }>('/api/me');
    return { status, body, code: body.error?.code, retryAfter: headers.get('retry-after') };
  };
  const base64 = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

  it.each(['RS256', 'ES256', 'EdDSA'])('signed with %s open REST and sockets', async (kid) => {
    const token = await issuer.sign({ sub: `user of ${kid}`, name: kid, email: `${kid}@example.com` }, { kid });
    const { body } = await me(token);
    expect(body).toMatchObject({ name: kid, email: `${kid.toLowerCase()}@example.com`, role: 'member' });
    const room = `/members/${body.id}`;
    const reply = await server.http
      .as(token)
      .post<{ websockets: { token: string }[] }>('/api/realtime/tokens', { rooms: [room] });
    const client = await (await openSocket(server.url)).authenticate(token);
    expect(await client.join(room, reply.body.websockets[0]!.token)).toMatchObject({ name: room });
    client.close();
  });

  it('make one member, whoever asks first and however often', async () => {
    const tokens = await Promise.all([1, 2, 3, 4].map(() => issuer.sign({ sub: 'one', name: 'One' })));
    const ids = await Promise.all(tokens.map(async (token) => (await me(token)).body.id));
    expect(new Set(ids).size).toBe(1);
    expect((await me(tokens[0]!)).body.email).toMatch(/@external\.invalid$/);
  });

  it('stand beside our own', async () => {
    expect((await me((await logIn(server.http, ADMIN.ADMIN_EMAIL, PASSWORD)).token)).status).toBe(200);
  });

  it('do not make somebody who has an address already', async () => {
    const token = await issuer.sign({ sub: 'impostor', email: ADMIN.ADMIN_EMAIL });
    expect(await me(token)).toMatchObject({ status: 401, code: 'auth.token_invalid' });
    const unverified = await issuer.sign({ sub: 'unsure', email: ADMIN.ADMIN_EMAIL, email_verified: false });
    expect((await me(unverified)).body).toMatchObject({ role: 'member' });
  });

  const now = (): number => Math.floor(Date.now() / 1_000);
  it.each<[string, () => Promise<string> | string, string, object]>([
    [
      'for another audience',
      () => issuer.sign({ sub: 'a' }, { aud: 'other' }),
      'auth.token_invalid',
      { message: 'jwt audience invalid' },
    ],
    [
      'that has expired',
      () => issuer.sign({ sub: 'a' }, { exp: now() - 1 }),
      'auth.token_expired',
      { name: 'TokenExpiredError', message: 'jwt expired' },
    ],
    [
      'of the future',
      () => issuer.sign({ sub: 'a', nbf: now() + 60 }),
      'auth.token_invalid',
      { name: 'NotBeforeError', message: 'jwt not active' },
    ],
    ['without a subject', () => issuer.sign({}), 'auth.token_invalid', { message: 'jwt sub invalid' }],
    [
      'of a third issuer',
      () => issuer.sign({ sub: 'a' }, { iss: 'https://evil.example.com/' }),
      'auth.token_invalid',
      { message: 'invalid algorithm' },
    ],
    [
      'of an algorithm that is not on the list',
      () => issuer.sign({ sub: 'a' }, { kid: 'PS256' }),
      'auth.token_invalid',
      { message: 'invalid algorithm' },
    ],
    [
      'without a signature',
      () => `${base64({ alg: 'none' })}.${base64({ iss: ISSUER, aud: AUDIENCE, sub: 'a', exp: now() + 60 })}.`,
      'auth.token_invalid',
      { name: 'JsonWebTokenError' },
    ],
    [
      'with the public key taken for a secret',
      async () => {
        const secret = Buffer.from(await exportSPKI(issuer.pairs.get('RS256')!.pair.publicKey));
        const token = new SignJWT({ sub: 'a' }).setProtectedHeader({ alg: 'HS256', kid: 'RS256' });
        return token.setIssuer(ISSUER).setAudience(AUDIENCE).setExpirationTime('10m').sign(secret);
      },
      'auth.token_invalid',
      { message: 'invalid algorithm' },
    ],
    [
      'signed with our own secret in their name',
      () => {
        const token = new SignJWT({ sub: '1', type: 'access' }).setProtectedHeader({ alg: 'HS256' });
        return token
          .setIssuer(ISSUER)
          .setAudience(AUDIENCE)
          .setExpirationTime('10m')
          .sign(Buffer.from(server.settings.jwtSecret));
      },
      'auth.token_invalid',
      { message: 'invalid algorithm' },
    ],
    [
      'that have been changed',
      async () => {
        const [header, , signature] = (await issuer.sign({ sub: 'a' })).split('.');
        return `${header}.${base64({ iss: ISSUER, aud: AUDIENCE, sub: 'b', exp: now() + 60 })}.${signature}`;
      },
      'auth.token_invalid',
      { message: 'invalid signature' },
    ],
  ])('%s are refused, by name', async (_what, make, code, err) => {
    const token = await make();
    expect(await me(token)).toMatchObject({ status: 401, code });
    const client = await openSocket(server.url);
    client.emit('authenticate', { token });
    expect(await client.next('unauthorized')).toMatchObject({ err });
    client.close();
  });

  it('are accepted while the clocks differ a little, not more', async () => {
    const ended = (secondsAgo: number) => issuer.sign({ sub: 'late' }, { exp: now() - secondsAgo });
    // `iat` is now, so these were never alive: no tolerance for them.
    expect((await me(await ended(1))).code).toBe('auth.token_expired');
    const { alg, pair } = issuer.pairs.get('RS256')!;
    const old = (secondsAgo: number) =>
      new SignJWT({ sub: 'late' })
        .setProtectedHeader({ alg, kid: 'RS256' })
        .setIssuer(ISSUER)
        .setAudience(AUDIENCE)
        .setIssuedAt(now() - 3_600)
        .setExpirationTime(now() - secondsAgo)
        .sign(pair.privateKey);
    expect((await me(await old(2))).status).toBe(200);
    expect((await me(await old(8))).code).toBe('auth.token_expired');
    const own = await logIn(server.http, ADMIN.ADMIN_EMAIL, PASSWORD);
    const ours = (secondsAgo: number) =>
      new SignJWT({ workspace: 1, type: 'access' })
        .setProtectedHeader({ alg: 'HS256' })
        .setSubject(String(own.id))
        .setIssuedAt(now() - 3_600)
        .setExpirationTime(now() - secondsAgo)
        .sign(Buffer.from(server.settings.jwtSecret));
    expect((await me(await ours(2))).status).toBe(200);
    expect((await me(await ours(8))).code).toBe('auth.token_expired');
  });

  it('end with the member: banned, logged out everywhere, removed', async () => {
    const boss = await logIn(server.http, ADMIN.ADMIN_EMAIL, PASSWORD);
    const token = await issuer.sign({ sub: 'leaving' });
    const { id } = (await me(token)).body;
    await boss.http.post(`/api/members/${id}/ban`);
    expect((await me(token)).status).toBe(401);
    await boss.http.delete(`/api/members/${id}/ban`);
    expect((await me(token)).status).toBe(200);
    expect((await server.http.as(token).post('/api/auth/logout-everywhere')).status).toBe(204);
    expect((await me(token)).status).toBe(401);
    await new Promise((resolve) => setTimeout(resolve, 1_100));
    const next = await issuer.sign({ sub: 'leaving' });
    expect((await me(next)).body.id).toBe(id);
    expect((await boss.http.delete(`/api/members/${id}`)).status).toBe(204);
    expect((await me(next)).status).toBe(401);
    expect((await me(await issuer.sign({ sub: 'leaving', name: 'Back again' }))).status).toBe(401);
  });

  it('open nothing for those whom nobody made a member, where members are not made by the way', async () => {
    const strict = await start({});
    const token = await issuer.sign({ sub: 'expected', name: 'Expected' });
    expect(await me(token, strict)).toMatchObject({ status: 401, code: 'auth.token_invalid' });
    const boss = await logIn(strict.http, ADMIN.ADMIN_EMAIL, PASSWORD);
    const wanted = { email: 'expected@example.com', name: 'Made', external_id: 'expected' };
    const made = await boss.http.post<{ id: number }>('/api/members', wanted);
    expect(made.status).toBe(201);
    expect((await me(token, strict)).body).toMatchObject({ id: made.body.id, name: 'Made' });
    expect(
      (await boss.http.post<Failure>('/api/members', { ...wanted, email: 'b@example.com' })).body.error?.code,
    ).toBe('member.external_id_taken');
    expect((await boss.http.post('/api/members', { email: 'c@example.com', name: 'C' })).status).toBe(400);
    await expect(logIn(strict.http, 'expected@example.com', '!')).rejects.toThrow('401');
    await strict.close();
  });

  it('go on with keys that are known while the issuer is away; new keys are a matter of trying again', async () => {
    const known = await issuer.sign({ sub: 'known' });
    expect((await me(known)).status).toBe(200);
    await issuer.close();
    expect((await me(await issuer.sign({ sub: 'known' }))).status).toBe(200);
    await issuer.addKey('RS256', 'rotated');
    const rotated = await issuer.sign({ sub: 'known' }, { kid: 'rotated' });
    const away = await me(rotated);
    expect(away).toMatchObject({ status: 503, code: 'auth.issuer_unavailable' });
    expect(away.retryAfter).not.toBeNull();
    await issuer.open();
    expect((await me(rotated)).status).toBe(200);
    // A rotation right after another is noticed as well.
    await issuer.addKey('ES256', 'again');
    expect((await me(await issuer.sign({ sub: 'known' }, { kid: 'again' }))).status).toBe(200);
  });

  it('of keys that nobody knows do not make us ask again and again', async () => {
    const stranger = new Issuer();
    await stranger.addKey('RS256', 'stranger');
    const before = issuer.asked;
    const tokens = await Promise.all(
      Array.from({ length: 20 }, () => stranger.sign({ sub: 'x' }, { kid: 'stranger' })),
    );
    const replies = await Promise.all(tokens.map((token) => me(token)));
    expect(new Set(replies.map(({ code }) => code))).toEqual(new Set(['auth.token_invalid']));
    expect(issuer.asked - before).toBeLessThanOrEqual(2);
  });
});
