import { existsSync, readFileSync } from 'node:fs';
import type { Type } from '@nestjs/common';
import { getDataSourceToken } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { ticket } from './support/chat.js';
import { guideFiles } from './support/guide.js';
import { ADMIN } from './support/nodes.js';
import { logIn, PASSWORD, type Person } from './support/people.js';
import { openSocket, type SocketClient } from './support/socket-client.js';
import { startServer, type TestServer } from './support/start-server.js';

const THEIRS = 'src/modules/polls';

/** Who has followed docs/extending.md may have gone on from there: their polls are no longer those of the page. */
export const pollsHaveChanged =
  existsSync(THEIRS) &&
  [...guideFiles].some(([path, text]) => !existsSync(path) || readFileSync(path, 'utf8') !== text);

/** The module of docs/extending.md; who has followed that page has the same one among the server's own already. */
export async function pollModules(): Promise<Type[]> {
  return existsSync(THEIRS) ? [] : [(await import('./polls/index.js')).PollsModule];
}

export interface PollRecord extends Record<string, unknown> {
  id: number;
  results: { text: string; votes: number }[];
}

export interface Joinable {
  position: number;
  epoch: string;
  websockets: { room: string; token: string }[];
}

/** A server with the module of docs/extending.md, and people in two workspaces. */
export class PollWorld {
  private readonly sockets: SocketClient[] = [];
  private serial = 0;

  private constructor(
    readonly server: TestServer,
    readonly boss: Person,
  ) {}

  static async open(): Promise<PollWorld> {
    const server = await startServer({
      env: { ADMIN_EMAIL: ADMIN.email, ADMIN_PASSWORD: ADMIN.password, LOG_LEVEL: 'trace' },
      modules: await pollModules(),
    });
    const dataSource = server.app.get<DataSource>(getDataSourceToken());
    await dataSource.query(`INSERT INTO workspaces (id, name) VALUES (77, 'elsewhere')`);
    return new PollWorld(server, await logIn(server.http, ADMIN.email, ADMIN.password));
  }

  async member(workspace = 'main'): Promise<Person> {
    this.serial += 1;
    const account = { email: `voter-${this.serial}@example.com`, password: PASSWORD, name: `Voter ${this.serial}` };
    await this.server.http.post('/api/auth/register', { ...account, workspace });
    const { body } = await this.server.http.post<{
      access_token: string;
      refresh_token: string;
      member: { id: number };
    }>('/api/auth/login', { email: account.email, password: PASSWORD, workspace });
    const { access_token: token, refresh_token: refreshToken, member } = body;
    return { id: member.id, email: account.email, token, refreshToken, http: this.server.http.as(token) };
  }

  async ask(person: Person, question = 'Tea or coffee?', options = ['Tea', 'Coffee']): Promise<PollRecord> {
    const { status, body } = await person.http.post<PollRecord>('/api/polls', { question, options });
    expect(status).toBe(201);
    return body;
  }

  async connect(person: Person): Promise<SocketClient> {
    const client = await openSocket(this.server.url);
    this.sockets.push(client);
    return client.authenticate(person.token);
  }

  /** A new client in a room; `more` says from where on. */
  async listen(person: Person, room: string, more: object = {}): Promise<SocketClient> {
    const client = await this.connect(person);
    await client.join(room, await ticket(person, room), more);
    return client;
  }

  closeSockets(): void {
    this.sockets.splice(0).forEach((client) => client.close());
  }

  async close(): Promise<void> {
    this.closeSockets();
    await this.server.close();
  }
}
