import { logIn, PASSWORD, type Person, register } from './support/people.js';
import { openSocket, type SocketClient } from './support/socket-client.js';
import { startServer, type TestServer } from './support/start-server.js';

const ADMIN_EMAIL = 'boss@example.com';

// Real: HTTP in, the stock Socket.IO client out.
describe("a member's own room", () => {
  let server: TestServer;
  let boss: Person;
  const open: SocketClient[] = [];

  beforeAll(async () => {
    server = await startServer({ env: { ADMIN_EMAIL, ADMIN_PASSWORD: PASSWORD } });
    boss = await logIn(server.http, ADMIN_EMAIL, PASSWORD);
  });
  afterEach(() => open.splice(0).forEach((client) => client.close()));
  afterAll(() => server.close());

  async function connect(person: Person): Promise<SocketClient> {
    const client = await openSocket(server.url);
    open.push(client);
    return client.authenticate(person.token);
  }

  async function joinInbox(person: Person): Promise<SocketClient> {
    const client = await connect(person);
    const me = await person.http.get<{ websockets: { room: string; token: string }[] }>('/api/me?websockets=1');
    const { room, token } = me.body.websockets[0]!;
    await client.join(room, token);
    return client;
  }

  it('tells the member what changed about them, and nobody else', async () => {
    const [ada, bob] = [await register(server.http, 'Ada'), await register(server.http, 'Bob')];
    const [adasRoom, bobsRoom] = [await joinInbox(ada), await joinInbox(bob)];
    const group = await boss.http.post<{ id: number }>('/api/groups', { label: 'Crew' });
    await boss.http.post(`/api/groups/${group.body.id}/members`, { member_id: ada.id });
    await ada.http.patch('/api/me', { headline: 'Here' });
    await bob.http.patch('/api/me', { headline: 'There' });

    const updated = (payload: Record<string, unknown>): boolean => payload.type === 'member';
    await adasRoom.next('realtime:resource', updated);
    await bobsRoom.next('realtime:resource', updated);
    const seen = (client: SocketClient) =>
      client.resources().map(({ action, type, path, id }) => [action, type, path, id]);
    expect(seen(adasRoom)).toEqual([
      ['created', 'group_member', `/groups/${group.body.id}/members/${ada.id}`, 2],
      ['updated', 'member', `/members/${ada.id}`, 3],
    ]);
    expect(seen(bobsRoom)).toEqual([['updated', 'member', `/members/${bob.id}`, 2]]);
    expect(JSON.stringify(adasRoom.frames)).not.toMatch(/argon2|example[.]com/);
  });

  it("does not open with another member's token", async () => {
    const [ada, bob] = [await register(server.http, 'Ada'), await register(server.http, 'Bob')];
    const { body } = await ada.http.get<{ websockets: { room: string; token: string }[] }>('/api/me?websockets=1');
    const client = await connect(bob);
    client.emit('realtime:join', { name: body.websockets[0]!.room, token: body.websockets[0]!.token });
    expect(await client.next('realtime:join:error')).toMatchObject({ name: `/members/${ada.id}` });
  });

  it('and the whole session end when the member is removed, before anything later arrives', async () => {
    const eve = await register(server.http, 'Eve');
    const client = await joinInbox(eve);
    expect((await boss.http.delete(`/api/members/${eve.id}`)).status).toBe(204);
    await client.next('disconnect');
    expect(client.resources()).toEqual([]);
  });
});
