import { JwtService } from '@nestjs/jwt';
import type { ManagerOptions, SocketOptions } from 'socket.io-client';
import { SessionRegistry } from '../../src/realtime/session-registry.js';
import { BoardRooms, BoardsModule } from './boards.module.js';
import { openSocket, type SocketClient } from './socket-client.js';
import { startServer, type TestServer } from './start-server.js';

export interface Person {
  id: number;
  token: string;
}

/** A whole server with boards, two members and their sockets: what the specs of the Socket.IO door share. */
export class RealtimeWorld {
  ann: Person;
  bob: Person;
  private readonly clients: SocketClient[] = [];
  private proofs = 0;

  private constructor(
    readonly server: TestServer,
    readonly boards: BoardRooms,
  ) {}

  static async start(env: Record<string, string> = {}): Promise<RealtimeWorld> {
    const server = await startServer({ modules: [BoardsModule], env });
    const world = new RealtimeWorld(server, server.app.get(BoardRooms));
    world.ann = await world.register('Ann');
    world.bob = await world.register('Bob');
    return world;
  }

  async register(name: string): Promise<Person> {
    const account = { email: `${name.toLowerCase()}@example.com`, password: 'correct horse', name };
    const { body } = await this.server.http.post<{ access_token: string; member: { id: number } }>(
      '/api/auth/register',
      account,
    );
    return { id: body.member.id, token: body.access_token };
  }

  async connect(options: Partial<ManagerOptions & SocketOptions> = {}): Promise<SocketClient> {
    const client = await openSocket(this.server.url, options);
    this.clients.push(client);
    return client;
  }

  async connectAs(person: Person, options = {}): Promise<SocketClient> {
    return (await this.connect(options)).authenticate(person.token);
  }

  async roomToken(person: Person, room: string): Promise<string> {
    const { body } = await this.server.http
      .as(person.token)
      .post<{ websockets: { token: string }[] }>('/api/realtime/tokens', { rooms: [room] });
    return body.websockets[0]!.token;
  }

  async joinAs(client: SocketClient, person: Person, room: string, more = {}): Promise<Record<string, unknown>> {
    return client.join(room, await this.roomToken(person, room), more);
  }

  /** Proves silence without sleeping: a later known event arrives, and it is the only one. */
  async nothingFrom(client: SocketClient, person: Person, act: () => Promise<unknown>): Promise<void> {
    const before = client.resources().length;
    await act();
    const board = `proof-${(this.proofs += 1)}`;
    await this.joinAs(client, person, `/boards/${board}`);
    await this.boards.publish(board, 'proof');
    await client.next('realtime:resource', (payload) => payload.room === `/boards/${board}`);
    expect(client.resources()).toHaveLength(before + 1);
  }

  /** A token with the server's own secret. */
  sign(claims: object, options: { secret?: string; expiresIn?: number } = {}): string {
    return new JwtService({ secret: this.server.settings.jwtSecret }).sign(claims, options);
  }

  closeClients(): void {
    this.clients.splice(0).forEach((client) => client.close());
  }

  /** Over polling a client says good-bye with a request of its own, which must not outlive the test. */
  async close(): Promise<void> {
    this.closeClients();
    const sessions = this.server.app.get(SessionRegistry);
    while ([...sessions.all()].length > 0) await new Promise((resolve) => setTimeout(resolve, 10));
    await this.server.close();
  }
}
