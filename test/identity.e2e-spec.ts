import { JwtService } from '@nestjs/jwt';
import { RoomTokens } from '../src/auth/room-tokens.js';
import { Clock } from '../src/common/clock.js';
import { Passwords } from '../src/modules/members/passwords.js';
import { logIn, PASSWORD, type Person, register } from './support/people.js';
import { startServer, type TestServer } from './support/start-server.js';

interface Session {
  access_token: string;
  refresh_token: string;
  expires_in: number;
  member: Record<string, unknown>;
}

interface Failure {
  error: { code: string; message: string; details: unknown };
}

// Real: the whole server over HTTP, and its database.
describe('identity', () => {
  let server: TestServer;
  let ada: Person;

  beforeAll(async () => {
    server = await startServer();
    ada = await register(server.http, 'Ada');
  });
  afterAll(() => server.close());

  const failure = async (path: string, body: object): Promise<[number, string]> => {
    const reply = await server.http.post<Failure>(path, body);
    return [reply.status, reply.body.error.code];
  };
  const refresh = (token: string) => server.http.post<Session & Failure>('/api/auth/refresh', { refresh_token: token });

  describe('registration', () => {
    it('gives a session, and the member that one is', async () => {
      const body = { email: ' Grace@Example.COM ', password: PASSWORD, name: '  Grace  ' };
      const reply = await server.http.post<Session>('/api/auth/register', body);
      expect(reply.status).toBe(201);
      expect(reply.body).toMatchObject({ expires_in: 3600, member: { email: 'grace@example.com', name: 'Grace' } });
      const me = await server.http.as(reply.body.access_token).get('/api/me');
      expect(me).toMatchObject({ status: 200, body: reply.body.member });
    });

    it('of an address that is taken, in any case, is a conflict; also of two at once exactly one wins', async () => {
      const again = { email: ada.email.toUpperCase(), password: PASSWORD, name: 'Other' };
      expect(await failure('/api/auth/register', again)).toEqual([409, 'member.email_taken']);
      const twin = { email: 'twin@example.com', password: PASSWORD, name: 'Twin' };
      const replies = await Promise.all([1, 2, 3].map(() => server.http.post('/api/auth/register', twin)));
      expect(replies.map(({ status }) => status).sort()).toEqual([201, 409, 409]);
    });

    it.each([
      ['an unknown field', { role: 'administrator' }],
      ['a short password', { password: 'short' }],
      ['an endless password', { password: 'x'.repeat(201) }],
      ['a password that is no text', { password: 12345678 }],
      ['no address', { email: 'nobody' }],
      ['an empty name', { name: '  ' }],
      ['an endless name', { name: 'x'.repeat(101) }],
      ['NUL in the name', { name: 'a\0b' }],
      ['NUL in the password', { password: 'correct\0horse' }],
      ['NUL in the address', { email: 'a\0@example.com' }],
      ['NUL in the workspace', { workspace: 'main\0' }],
    ])('refuses %s', async (_what, wrong) => {
      const body = { email: 'valid@example.com', password: PASSWORD, name: 'Valid', ...wrong };
      expect(await failure('/api/auth/register', body)).toEqual([400, 'request.invalid']);
    });

    it('knows the workspace main by its name, and no other', async () => {
      const body = { email: 'w@example.com', password: PASSWORD, name: 'W' };
      expect((await server.http.post('/api/auth/register', { ...body, workspace: 'main' })).status).toBe(201);
      expect(await failure('/api/auth/register', { ...body, workspace: 'none' })).toEqual([404, 'workspace.not_found']);
    });
  });

  describe('login', () => {
    it('works with the address in any case', async () => {
      expect((await logIn(server.http, ada.email.toUpperCase(), PASSWORD)).id).toBe(ada.id);
    });

    it('fails with one and the same answer, whatever is wrong', async () => {
      const attempts = [
        { email: ada.email, password: 'wrong horse battery' },
        { email: 'nobody@example.com', password: PASSWORD },
        { email: 'not an address', password: PASSWORD },
        { email: ada.email, password: PASSWORD, workspace: 'elsewhere' },
      ];
      const replies = await Promise.all(attempts.map((body) => server.http.post<Failure>('/api/auth/login', body)));
      expect(replies.map(({ status }) => status)).toEqual([401, 401, 401, 401]);
      expect(new Set(replies.map(({ body }) => JSON.stringify(body))).size).toBe(1);
      expect(replies[0]!.body.error.code).toBe('auth.login_failed');
    });

    it('checks a password for an unknown address too, so that the time tells nothing', async () => {
      const verify = jest.spyOn(server.app.get(Passwords), 'verify');
      for (const email of [ada.email, 'nobody@example.com']) {
        await server.http.post('/api/auth/login', { email, password: 'wrong horse battery' });
      }
      const hash = expect.stringMatching(/^\$argon2id\$/) as string;
      expect(verify.mock.calls).toEqual([
        [hash, 'wrong horse battery'],
        [null, 'wrong horse battery'],
      ]);
      verify.mockRestore();
    });
  });

  describe('a refresh token', () => {
    it('gives a new session once; used again, it ends its whole family', async () => {
      const other = await logIn(server.http, ada.email, PASSWORD);
      const first = await logIn(server.http, ada.email, PASSWORD);
      const second = await refresh(first.refreshToken);
      expect(second).toMatchObject({ status: 200, body: { expires_in: 3600, member: { id: ada.id } } });
      expect((await server.http.as(second.body.access_token).get('/api/me')).status).toBe(200);
      const third = await refresh(second.body.refresh_token);
      expect(third.status).toBe(200);

      const reused = await refresh(first.refreshToken);
      expect([reused.status, reused.body.error.code]).toEqual([401, 'auth.refresh_token_reused']);
      const descendant = await refresh(third.body.refresh_token);
      expect([descendant.status, descendant.body.error.code]).toEqual([401, 'auth.refresh_token_invalid']);
      // Another login of the same member goes on.
      expect((await refresh(other.refreshToken)).status).toBe(200);
    });

    it('that is used five times at once works exactly once, and its family has ended', async () => {
      const { refreshToken } = await logIn(server.http, ada.email, PASSWORD);
      const replies = await Promise.all([1, 2, 3, 4, 5].map(() => refresh(refreshToken)));
      expect(replies.map(({ status }) => status).sort()).toEqual([200, 401, 401, 401, 401]);
      const won = replies.find(({ status }) => status === 200)!;
      expect((await refresh(won.body.refresh_token)).status).toBe(401);
    });

    it('is of no more use after logout, which may be repeated', async () => {
      const { refreshToken } = await logIn(server.http, ada.email, PASSWORD);
      const next = await refresh(refreshToken);
      for (const token of [next.body.refresh_token, next.body.refresh_token, 'unknown']) {
        expect((await server.http.post('/api/auth/logout', { refresh_token: token })).status).toBe(204);
      }
      expect((await refresh(next.body.refresh_token)).status).toBe(401);
    });

    it('expires', async () => {
      const { refreshToken } = await logIn(server.http, ada.email, PASSWORD);
      const later = new Date(Date.now() + 31 * 86_400_000);
      const clock = jest.spyOn(server.app.get(Clock), 'now').mockReturnValue(later);
      const reply = await refresh(refreshToken);
      clock.mockRestore();
      expect([reply.status, reply.body.error.code]).toEqual([401, 'auth.refresh_token_invalid']);
    });

    it.each([[{}], [{ refresh_token: 7 }], [{ refresh_token: 'a\0' }], [{ refresh_token: 'a', more: 1 }]])(
      'has to be a text: %j',
      async (body) => {
        expect(await failure('/api/auth/refresh', body)).toEqual([400, 'request.invalid']);
        expect(await failure('/api/auth/logout', body)).toEqual([400, 'request.invalid']);
      },
    );
  });

  describe('an access token', () => {
    const meWith = async (token: string): Promise<[number, string | undefined]> => {
      const { status, body } = await server.http.as(token).get<Partial<Failure>>('/api/me');
      return [status, body.error?.code];
    };
    const claims = () => ({ workspace: 1, type: 'access', sub: String(ada.id) });

    it('opens what it says', async () => {
      expect(await meWith(server.app.get(JwtService).sign(claims()))).toEqual([200, undefined]);
    });

    it.each<[string, () => string, string]>([
      ['without a signature', () => unsigned(claims()), 'auth.token_invalid'],
      ['of another key', () => new JwtService({ secret: 'k'.repeat(48) }).sign(claims()), 'auth.token_invalid'],
      ['that has expired', () => sign(claims(), { expiresIn: -1 }), 'auth.token_expired'],
      ['that is a room token', () => server.app.get(RoomTokens).sign(ada.id, '/a'), 'auth.token_invalid'],
      ['that is a refresh token', () => ada.refreshToken, 'auth.token_invalid'],
      ['of another kind', () => sign({ ...claims(), type: 'refresh' }), 'auth.token_invalid'],
      ['of another workspace', () => sign({ ...claims(), workspace: 2 }), 'auth.token_invalid'],
      ['of nobody', () => sign({ ...claims(), sub: '99999999' }), 'auth.token_invalid'],
      ['of no number', () => sign({ ...claims(), sub: '1 OR 1=1' }), 'auth.token_invalid'],
      ['that is nonsense', () => 'a.b.c', 'auth.token_invalid'],
    ])('%s is refused', async (_what, token, code) => {
      expect(await meWith(token())).toEqual([401, code]);
    });

    it('is needed', async () => {
      for (const path of ['/api/me', '/api/members', '/api/groups', '/api/api-keys']) {
        expect(await server.http.get(path)).toMatchObject({
          status: 401,
          body: { error: { code: 'auth.credential_required' } },
        });
      }
    });

    const sign = (payload: object, options = {}): string => server.app.get(JwtService).sign(payload, options);
    const unsigned = (payload: object): string =>
      [
        { alg: 'none', typ: 'JWT' },
        { ...payload, exp: Math.floor(Date.now() / 1000) + 600 },
      ]
        .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
        .join('.') + '.';
  });

  describe('room tokens', () => {
    const ask = (body: object) =>
      ada.http.post<{ websockets: { room: string; token: string }[] } & Failure>('/api/realtime/tokens', body);

    it('are given for rooms that one may join', async () => {
      const room = `/members/${ada.id}`;
      const reply = await ask({ rooms: [room, room] });
      expect(reply.status).toBe(201);
      expect(reply.body.websockets.map((ticket) => ticket.room)).toEqual([room, room]);
      expect(server.app.get(RoomTokens).opens(reply.body.websockets[0]!.token, ada.id, room)).toBe(true);
    });

    it.each(['/members/1', '/members/999999', '/members/99999999999999999999', '/members/x', '/nowhere', '/'])(
      'are refused for %s',
      async (room) => {
        const reply = await ask({ rooms: [`/members/${ada.id}`, room] });
        expect([reply.status, reply.body.error.code]).toEqual([403, 'room.forbidden']);
      },
    );

    it.each([
      [{}],
      [{ rooms: [] }],
      [{ rooms: 'x' }],
      [{ rooms: [7] }],
      [{ rooms: ['/a\0'] }],
      [{ rooms: Array(101).fill('/a') }],
    ])('are asked for by a list of 1 to 100 names', async (body) => {
      expect(await ask(body)).toMatchObject({ status: 400, body: { error: { code: 'request.invalid' } } });
    });
  });
});
