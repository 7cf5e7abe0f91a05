import { setTimeout as pause } from 'node:timers/promises';
import { RoomTokens } from '../src/auth/room-tokens.js';
import { RealtimeWorld } from './support/realtime-world.js';
import type { SocketClient } from './support/socket-client.js';

const BOARDS = ['red', 'green', 'blue'];
const CLIENTS = 20;
const EVENTS = 600;

/** Follows some boards through one connection after another, and keeps every id it was sent. */
class Follower {
  readonly ids = new Map<string, number[]>(BOARDS.map((board) => [board, []]));
  client: SocketClient;

  constructor(private readonly world: RealtimeWorld) {}

  async connect(): Promise<void> {
    const { ann, server } = this.world;
    const client = await this.world.connectAs(ann, Math.random() < 0.2 ? { transports: ['polling'] } : {});
    client.socket.on('realtime:resource', (frame: { room: string; id: number }) => {
      this.ids.get(frame.room.slice('/boards/'.length))!.push(frame.id);
    });
    this.client = client;
    for (const board of BOARDS) {
      const room = `/boards/${board}`;
      client.emit('realtime:join', {
        name: room,
        token: server.app.get(RoomTokens).sign(ann.id, room),
        last_id: this.last(board),
      });
    }
  }

  last(board: string): number {
    return this.ids.get(board)!.at(-1) ?? 0;
  }

  /** Leaves a room and joins it again at once, or loses the connection and comes back. */
  async stumble(): Promise<void> {
    if (Math.random() < 0.3) {
      const board = BOARDS[Math.floor(Math.random() * BOARDS.length)]!;
      const room = `/boards/${board}`;
      this.client.emit('realtime:leave', { name: room });
      await this.client.next('realtime:leave:success', (payload) => payload.name === room);
      const token = this.world.server.app.get(RoomTokens).sign(this.world.ann.id, room);
      this.client.emit('realtime:join', { name: room, token, last_id: this.last(board) });
      return;
    }
    if (Math.random() < 0.5) this.client.socket.io.engine.close();
    else this.client.close();
    await this.connect();
  }
}

// Real: the whole server and the stock client.
describe('clients that come and go while others write', () => {
  let world: RealtimeWorld;

  beforeAll(async () => (world = await RealtimeWorld.start()));
  afterAll(() => world.close());

  it('every client has every event exactly once and in order at the end', async () => {
    const followers = Array.from({ length: CLIENTS }, () => new Follower(world));
    await Promise.all(followers.map((follower) => follower.connect()));
    let writing = true;
    const stumbling = followers.map(async (follower) => {
      while (writing) {
        await pause(Math.random() * 60);
        await follower.stumble();
      }
    });
    const counts = new Map(BOARDS.map((board) => [board, 0]));
    await Promise.all(
      BOARDS.map(async (board) => {
        while (counts.get(board)! < EVENTS) {
          const texts = Array.from({ length: 1 + Math.floor(Math.random() * 5) }, () => 'x');
          await world.boards.publish(board, ...texts);
          counts.set(board, counts.get(board)! + texts.length);
          await pause(Math.random() * 5);
        }
      }),
    );
    writing = false;
    await Promise.all(stumbling);
    for (const follower of followers) {
      for (const [board, count] of counts) {
        if (follower.last(board) < count) {
          await follower.client.next(
            'realtime:resource',
            (payload) => payload.room === `/boards/${board}` && payload.id === count,
          );
        }
        expect(follower.ids.get(board)).toEqual(Array.from({ length: count }, (_value, index) => index + 1));
      }
    }
  });
});
