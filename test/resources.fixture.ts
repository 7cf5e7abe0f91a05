import { randomUUID } from 'node:crypto';
import { AccessTokens } from '../src/auth/access-tokens.js';
import { MembersService } from '../src/modules/members/index.js';
import { WorkspacesService } from '../src/modules/workspaces/index.js';
import type { HttpClient } from './support/http-client.js';
import { MsquaredClient } from './support/msquared-client.js';
import { ADMIN, type Nodes, startNodes } from './support/nodes.js';
import { logIn, type Person, register } from './support/people.js';
import type { TestServer } from './support/start-server.js';

/** Where somebody says that they are. */
export interface Whereabouts {
  organization?: string;
  project?: string;
  world?: string;
  launchContext?: string;
}

export const HERE: Whereabouts = { organization: 'testOrg', project: 'testProj' };

export function headersOf({ organization, project, world, launchContext }: Whereabouts): Record<string, string> {
  const headers = {
    'x-m2-organization': organization,
    'x-m2-project': project,
    'x-m2-world': world,
    'x-m2-launch-context': launchContext,
  };
  return Object.fromEntries(Object.entries(headers).filter(([, value]) => value !== undefined)) as Record<
    string,
    string
  >;
}

export const key = (name: string, store = 'client', scope = 'world'): string =>
  `/api/resources/kv/${scope}/${store}/${encodeURIComponent(name)}`;
export const collection = (visibility: 'public' | 'private', of?: Pick<Person, 'id'>): string =>
  `/api/resources/collections/${visibility}${of ? `?member=${of.id}` : ''}`;
export const liveConfig = (name: string): string => `/api/resources/live-config/${encodeURIComponent(name)}`;
export const hats = (...ids: string[]) => ({
  datasource_id: 'ds-4',
  items: ids.map((id) => ({ object_definition_id: id, balance: 2 })),
});

export interface Document extends Record<string, unknown> {
  value: unknown;
  version: string;
}

/** Writes a document that has to be accepted. */
export async function put(http: HttpClient, path: string, value: unknown): Promise<Document> {
  const { status, body } = await http.put<Document>(path, { value });
  if (status > 201) throw new Error(`${path} was refused with ${status} ${JSON.stringify(body)}`);
  return body;
}

export async function statusOf(reply: Promise<{ status: number }>): Promise<number> {
  return (await reply).status;
}

/** People with documents, and clients on `/api/realtime`; on two nodes where the services of the run allow it. */
export class ResourceWorld {
  private readonly clients: MsquaredClient[] = [];

  private constructor(
    private readonly running: Nodes,
    readonly boss: Person,
  ) {}

  static async open(env: Record<string, string> = {}): Promise<ResourceWorld> {
    const running = await startNodes(env);
    return new ResourceWorld(running, await logIn(running.nodes[0].http, ADMIN.email, ADMIN.password));
  }

  get nodes(): [TestServer, TestServer] {
    return this.running.nodes;
  }

  get http(): HttpClient {
    return this.nodes[0].http;
  }

  person(name: string): Promise<Person> {
    return register(this.http, name);
  }

  /** Somebody of another workspace. */
  async neighbour(workspace: string, role: 'member' | 'administrator' = 'member'): Promise<Person> {
    const { app } = this.nodes[0];
    const workspaces = app.get(WorkspacesService);
    const found = await workspaces.find(workspace);
    const details = { name: workspace, description: '', metadata: {} };
    const { id: workspaceId } = found ?? (await workspaces.create(details, () => Promise.resolve()));
    const email = `${randomUUID()}@example.com`;
    const member = await app
      .get(MembersService)
      .create({ workspaceId, email, name: 'Neighbour', passwordHash: 'x', role });
    const token = app.get(AccessTokens).sign(member);
    return { id: member.id, email, token, refreshToken: '', http: this.http.as(token) };
  }

  /** A program, with its key. */
  async program(): Promise<{ id: number; key: string; http: HttpClient }> {
    const { body } = await this.boss.http.post<{ id: number; api_key: string }>('/api/api-keys', {
      description: 'game',
    });
    return { id: body.id, key: body.api_key, http: this.http.with({ 'x-api-key': body.api_key }) };
  }

  /** Somebody's requests from where they are. */
  at(http: HttpClient | Person, where: Whereabouts = HERE): HttpClient {
    return ('http' in http ? http.http : http).with(headersOf(where));
  }

  /** Somebody's connection from where they are; on either node. */
  async connect(person: Pick<Person, 'token'>, where: Whereabouts = HERE, node = 0): Promise<MsquaredClient> {
    const { url } = this.nodes[node]!;
    const client = await MsquaredClient.open(url, { token: person.token, headers: headersOf(where) });
    this.clients.push(client);
    return client;
  }

  hangUp(): void {
    this.clients.splice(0).forEach((client) => client.close());
  }

  async close(): Promise<void> {
    this.hangUp();
    await this.running.close();
  }
}
