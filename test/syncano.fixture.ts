import type { HttpClient } from './support/http-client.js';
import { startServer, type TestServer } from './support/start-server.js';

export type Body = Record<string, unknown>;

/** An instance of a fresh server, with the administrator who owns it. */
export class SyncanoWorld {
  private count = 0;

  private constructor(
    readonly server: TestServer,
    readonly accountKey: string,
    readonly instance: string,
  ) {}

  static async open(env: Record<string, string> = {}): Promise<SyncanoWorld> {
    return SyncanoWorld.on(await startServer({ env: { POLL_TIMEOUT_SECONDS: '1', ...env } }));
  }

  static async on(server: TestServer, instance = 'insta'): Promise<SyncanoWorld> {
    const accountKey = await registerAccount(server.http, 'owner@example.com');
    const world = new SyncanoWorld(server, accountKey, instance);
    const { status } = await world.root.post('/v1.1/instances/', { name: instance });
    expect(status).toBe(201);
    return world;
  }

  /** With the account key, at any address. */
  get root(): HttpClient {
    return this.server.http.with({ 'x-api-key': this.accountKey });
  }

  path(rest: string): string {
    return `/v1.1/instances/${this.instance}/${rest}`;
  }

  name(prefix: string): string {
    this.count += 1;
    return `${prefix}-${this.count}`;
  }

  async channel(more: object = {}): Promise<string> {
    const name = this.name('channel');
    const reply = await this.root.post(this.path('channels/'), { name, custom_publish: true, ...more });
    expect(reply).toMatchObject({ status: 201 });
    return name;
  }

  async publish(channel: string, payload: object, room?: string): Promise<number> {
    const reply = await this.root.post<{ id: number }>(this.path(`channels/${channel}/publish/`), { payload, room });
    expect(reply).toMatchObject({ status: 201 });
    return reply.body.id;
  }

  async apiKey(flags: object = {}): Promise<{ id: number; key: string; http: HttpClient }> {
    const reply = await this.root.post<{ id: number; api_key: string }>(this.path('api_keys/'), flags);
    expect(reply).toMatchObject({ status: 201 });
    const { id, api_key: key } = reply.body;
    return { id, key, http: this.server.http.with({ 'x-api-key': key }) };
  }

  /** A user, who comes through an API key. */
  async user(apiKey: string, username = this.name('user')): Promise<{ id: number; key: string; http: HttpClient }> {
    const reply = await this.root.post<{ id: number; user_key: string }>(this.path('users/'), {
      username,
      password: 'secret',
    });
    expect(reply).toMatchObject({ status: 201 });
    const { id, user_key: key } = reply.body;
    return { id, key, http: this.server.http.with({ 'x-api-key': apiKey, 'x-user-key': key }) };
  }

  async group(...userIds: number[]): Promise<number> {
    const { body } = await this.root.post<{ id: number }>(this.path('groups/'), { label: 'Some' });
    for (const user of userIds) await this.join(body.id, user);
    return body.id;
  }

  async join(group: number, user: number): Promise<void> {
    expect(await this.root.post(this.path(`groups/${group}/users/`), { user })).toMatchObject({ status: 201 });
  }

  close(): Promise<void> {
    return this.server.close();
  }
}

export async function registerAccount(http: HttpClient, email: string): Promise<string> {
  const reply = await http.post<{ account_key: string }>('/v1.1/account/register/', { email, password: 'secret' });
  expect(reply).toMatchObject({ status: 201 });
  return reply.body.account_key;
}
