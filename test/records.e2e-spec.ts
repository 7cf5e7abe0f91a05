import type { Identity } from '../src/auth/identity.js';
import { NotesModule, NotesService } from './records.fixture.js';
import { ticket } from './support/chat.js';
import type { HttpClient, HttpReply } from './support/http-client.js';
import { ADMIN } from './support/nodes.js';
import { logIn, type Person, register } from './support/people.js';
import type { ErrorBody } from './support/refusals.js';
import { openSocket, type SocketClient } from './support/socket-client.js';
import { startServer, type TestServer } from './support/start-server.js';

interface NoteRecord extends ErrorBody {
  id: number;
  body: string;
  due_at: string | null;
  done: boolean;
  created_at: string;
  updated_at: string;
}

// Real: the whole server with records of two kinds, its database, HTTP and the stock client.
describe('records', () => {
  let server: TestServer;
  let boss: Person;
  let ann: Person;
  let bob: Person;
  let program: HttpClient;
  const clients: SocketClient[] = [];

  beforeAll(async () => {
    const env = { ADMIN_EMAIL: ADMIN.email, ADMIN_PASSWORD: ADMIN.password };
    server = await startServer({ env, modules: [NotesModule] });
    boss = await logIn(server.http, ADMIN.email, ADMIN.password);
    [ann, bob] = [await register(server.http, 'Ann'), await register(server.http, 'Bob')];
    const { body: key } = await boss.http.post<{ api_key: string }>('/api/api-keys', { description: 'a key' });
    program = server.http.with({ 'x-api-key': key.api_key });
  });
  afterEach(() => clients.splice(0).forEach((client) => client.close()));
  afterAll(() => server.close());

  const note = async (body: string): Promise<NoteRecord> =>
    (await ann.http.post<NoteRecord>('/api/notes', { body })).body;
  const outcome = async (asked: Promise<HttpReply<ErrorBody>>): Promise<[number, unknown]> => {
    const { status, body } = await asked;
    return [status, body.error?.code];
  };
  async function listen(person: Person, ...rooms: string[]): Promise<SocketClient> {
    const client = await (await openSocket(server.url)).authenticate(person.token);
    clients.push(client);
    for (const room of rooms) await client.join(room, await ticket(person, room));
    return client;
  }

  it('what is named is changed, what is not stays, and what stays the same is no event', async () => {
    const made = await note('Milk');
    const client = await listen(bob, `/notes/${made.id}`);
    const change = (fields: object): Promise<HttpReply<NoteRecord>> => ann.http.patch(`/api/notes/${made.id}`, fields);
    const due = '2026-01-31T09:30:00.000Z';
    const { body: dated } = await change({ due_at: due });
    expect(dated).toEqual({ ...made, due_at: due, updated_at: expect.any(String) });
    expect(Date.parse(dated.updated_at)).toBeGreaterThanOrEqual(Date.parse(made.updated_at));
    for (const nothing of [{}, { due_at: due }, { body: 'Milk' }]) expect((await change(nothing)).body).toEqual(dated);
    const { body: last } = await change({ body: 'Bread', due_at: null });
    expect(last).toMatchObject({ body: 'Bread', due_at: null, done: false });
    await client.next('realtime:resource', ({ resource }) => (resource as NoteRecord).body === 'Bread');
    expect(client.resources().map(({ resource }) => resource)).toEqual([dated, last]);
  });

  it('changes at the same time lose nothing', async () => {
    const made = await note('Milk');
    const due = '2026-01-31T09:30:00.000Z';
    const wanted = [{ body: 'Bread' }, { due_at: due }];
    const replies = await Promise.all(wanted.map((fields) => ann.http.patch(`/api/notes/${made.id}`, fields)));
    expect(replies.map(({ status }) => status)).toEqual([200, 200]);
    expect((await bob.http.get(`/api/notes/${made.id}`)).body).toMatchObject({ body: 'Bread', due_at: due });
  });

  it('who may read but not do something is forbidden, and told so', async () => {
    const { id } = await note('Milk');
    expect(await outcome(bob.http.patch(`/api/notes/${id}`, { body: 'x' }))).toEqual([403, 'note.forbidden']);
    expect(await outcome(boss.http.patch(`/api/notes/${id}`, { body: 'x' }))).toEqual([403, 'note.forbidden']);
    expect(await outcome(program.post(`/api/notes/${id}/finish`))).toEqual([403, 'note.forbidden']);
    expect(await outcome(bob.http.delete(`/api/notes/${id}`))).toEqual([403, 'note.forbidden']);
    expect((await boss.http.delete(`/api/notes/${id}`)).status).toBe(204);
  });

  it('programs read what everybody may read, and cannot be authors', async () => {
    const { id } = await note('Milk');
    expect((await program.get<NoteRecord>(`/api/notes/${id}`)).body).toMatchObject({ id, body: 'Milk' });
    expect((await program.get('/api/notes')).status).toBe(200);
    expect(await outcome(program.post('/api/notes', { body: 'x' }))).toEqual([403, 'note.members_only']);
    expect(await outcome(program.get('/api/notes?websockets=1'))).toEqual([403, 'room.members_only']);
  });

  it('a rule that throws takes back everything that it wrote, with the events', async () => {
    const { id, body } = await note('Milk');
    const client = await listen(bob, '/notes');
    expect((await bob.http.post<NoteRecord>(`/api/notes/${id}/finish`)).body).toMatchObject({ id, done: true });
    expect(await outcome(bob.http.post(`/api/notes/${id}/finish`))).toEqual([409, 'note.done']);
    await note('The last one');
    await client.next('realtime:resource', ({ resource }) => (resource as NoteRecord).body === 'The last one');
    const told = client
      .resources()
      .map(({ action, resource }) => `${action} ${(resource as unknown as NoteRecord).body}`);
    expect(told).toEqual([`created Done: ${body}`, `updated ${body}`, 'created The last one']);
  });

  it('a row that a route returns by mistake shows its view, and nothing else', async () => {
    const { id } = await note('Milk');
    const { body } = await ann.http.post<NoteRecord>(`/api/notes/${id}/finish`);
    const {
      position: _position,
      epoch: _epoch,
      ...read
    } = (await ann.http.get<Record<string, unknown>>(`/api/notes/${id}`)).body;
    expect(body).toEqual(read);
    expect(Object.keys(body)).not.toContain('secret');
  });

  it('an action that no rule names is a mistake that shows at once, and changes nothing', async () => {
    const made = await note('Milk');
    const identity: Identity = { kind: 'member', memberId: boss.id, workspaceId: 1, administrator: true };
    const asked = server.app.get(NotesService).change(identity, 'finnish', made.id, (row) => void (row.done = true));
    await expect(asked).rejects.toThrow('No rule says who may "finnish" a note');
    expect((await ann.http.get(`/api/notes/${made.id}`)).body).toMatchObject({ ...made });
  });

  it('a feature tells more with a subscriber of its own', async () => {
    const { id } = await note('Milk');
    const client = await listen(ann, '/notes', `/members/${ann.id}`);
    await ann.http.delete(`/api/notes/${id}`);
    await Promise.all(
      ['deleted', 'gone'].map((wanted) => client.next('realtime:resource', ({ action }) => action === wanted)),
    );
    expect(client.resources().map(({ room, action, resource }) => [room, action, resource.id])).toEqual(
      expect.arrayContaining([
        ['/notes', 'deleted', id],
        [`/members/${ann.id}`, 'gone', id],
      ]),
    );
  });

  it('what is not described is no route and no room', async () => {
    const { body: tag } = await boss.http.post<{ id: number }>('/api/shared/tags', { name: 'new' });
    expect(await outcome(ann.http.post('/api/shared/tags', { name: 'x' }))).toEqual([403, 'tag.forbidden']);
    for (const method of ['PATCH', 'DELETE']) {
      expect((await boss.http.send(method, `/api/shared/tags/${tag.id}`, { name: 'x' })).status).toBe(404);
    }
    await expect(ticket(ann, `/shared/tags/${tag.id}`)).rejects.toThrow('403');
    type Reply = { position: number; websockets: { room: string }[] };
    const { body: reply } = await ann.http.get<Reply>(`/api/shared/tags/${tag.id}?websockets=1`);
    expect(reply).toMatchObject({ id: tag.id, position: 1, websockets: [{ room: '/shared/tags' }] });
    const client = await listen(ann, '/shared/tags');
    const { body: second } = await boss.http.post<{ id: number }>('/api/shared/tags', { name: 'newer' });
    expect(await client.next('realtime:resource')).toMatchObject({
      resource: second,
      path: `/shared/tags/${second.id}`,
    });
  });
});
