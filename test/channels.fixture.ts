import type { Identity } from '../src/auth/identity.js';
import { ApiKeyDirectory, MemberDirectory } from '../src/auth/identity-directory.js';
import type { HttpClient } from './support/http-client.js';
import { openSocket, type SocketClient } from './support/socket-client.js';
import { startServer, type TestServer } from './support/start-server.js';

const ADMIN = { email: 'admin@example.com', password: 'a password of the tests' };

export interface Caller {
  http: HttpClient;
  /** As the guard knows them, now. */
  identity(): Promise<Identity>;
}

export interface Person extends Caller {
  id: number;
  token: string;
}

export interface ChannelRecord extends Record<string, unknown> {
  id: number;
  name: string;
}

export interface MessageRecord extends Record<string, unknown> {
  id: number;
  room: string | null;
  payload: Record<string, unknown>;
}

export interface HistoryReply {
  records: MessageRecord[];
  position: number;
  epoch: string;
}

/** A server with the people that tests of channels need. */
export class ChannelWorld {
  private readonly sockets: SocketClient[] = [];

  private constructor(
    readonly server: TestServer,
    readonly admin: Person,
  ) {}

  static async open(): Promise<ChannelWorld> {
    const server = await startServer({ env: { ADMIN_EMAIL: ADMIN.email, ADMIN_PASSWORD: ADMIN.password } });
    return new ChannelWorld(server, await signIn(server, '/api/auth/login', ADMIN));
  }

  member(name: string): Promise<Person> {
    const email = `${name.toLowerCase()}@example.com`;
    return signIn(this.server, '/api/auth/register', { email, password: 'a password of theirs', name });
  }

  async apiKey(flags: object): Promise<Caller> {
    const { body } = await this.admin.http.post<{ api_key: string }>('/api/api-keys', flags);
    const directory = this.server.app.get(ApiKeyDirectory);
    return {
      http: this.server.http.with({ 'x-api-key': body.api_key }),
      identity: async () => (await directory.findApiKey(body.api_key))!,
    };
  }

  async group(...members: Person[]): Promise<number> {
    const { body } = await this.admin.http.post<{ id: number }>('/api/groups', { label: 'Some people' });
    for (const { id } of members) await this.addToGroup(body.id, id);
    return body.id;
  }

  async addToGroup(group: number, member: number): Promise<void> {
    const { status } = await this.admin.http.post(`/api/groups/${group}/members`, { member_id: member });
    expect(status).toBe(201);
  }

  async channel(name: string, more: object = {}): Promise<ChannelRecord> {
    const { status, body } = await this.admin.http.post<ChannelRecord>('/api/channels', {
      name,
      custom_publish: true,
      ...more,
    });
    expect({ status, body }).toMatchObject({ status: 201 });
    return body;
  }

  async change(name: string, changes: object): Promise<void> {
    const { status } = await this.admin.http.patch(`/api/channels/${name}`, changes);
    expect(status).toBe(200);
  }

  async publish(name: string, payload: object, room?: string): Promise<MessageRecord> {
    const reply = await this.admin.http.post<MessageRecord>(`/api/channels/${name}/publish`, { payload, room });
    expect(reply).toMatchObject({ status: 201 });
    return reply.body;
  }

  /** A live client of this person, in these rooms. */
  async connect(person: Person, rooms: string[], more: object = {}): Promise<SocketClient> {
    const client = await openSocket(this.server.url);
    this.sockets.push(client);
    await client.authenticate(person.token);
    for (const room of rooms) await client.join(room, await ticket(person, room), more);
    return client;
  }

  closeSockets(): void {
    for (const socket of this.sockets.splice(0)) socket.close();
  }

  async close(): Promise<void> {
    this.closeSockets();
    await this.server.close();
  }
}

/** What the caller reads in the channel. */
export async function history({ http }: Caller, name: string, query = ''): Promise<HistoryReply> {
  const { status, body } = await http.get<HistoryReply>(`/api/channels/${name}/history${query}`);
  expect({ status, body }).toMatchObject({ status: 200 });
  return body;
}

export const idsOf = ({ records }: HistoryReply): number[] => records.map((record) => record.id);

/** 1, 2, 3 ... */
export const upTo = (last: number): number[] => Array.from({ length: last }, (_, index) => index + 1);

/** A room token, or the status of its refusal as text. */
export async function ticket(person: Person, room: string): Promise<string> {
  const { status, body } = await person.http.post<{ websockets: { token: string }[] }>('/api/realtime/tokens', {
    rooms: [room],
  });
  return status === 201 ? body.websockets[0]!.token : String(status);
}

async function signIn(server: TestServer, path: string, credentials: object): Promise<Person> {
  const { status, body } = await server.http.post<{ access_token: string; member: { id: number } }>(path, credentials);
  expect({ status, body }).toMatchObject({ body: { access_token: expect.any(String) } });
  const { id } = body.member;
  return {
    id,
    token: body.access_token,
    http: server.http.as(body.access_token),
    identity: async () => (await server.app.get(MemberDirectory).findMember(id))!,
  };
}
