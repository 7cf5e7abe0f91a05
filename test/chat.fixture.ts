import { DataSource, type EntityManager, type EntityTarget, type ObjectLiteral } from 'typeorm';
import { Transactions } from '../src/database/transactions.js';
import type { DomainEvent } from '../src/events/domain-event.js';
import { EventLog } from '../src/events/event-log.js';
import { WriteGuard } from '../src/events/write-guard.js';
import { ChatRoomParticipant } from '../src/modules/chat-rooms/index.js';
import { Member } from '../src/modules/members/index.js';
import { logIn, PASSWORD, type Person, register } from './support/people.js';
import { openSocket, type SocketClient } from './support/socket-client.js';
import { startServer, type TestServer } from './support/start-server.js';
import { made } from './support/replies.js';

export { made, outcome } from './support/replies.js';

const ADMIN_EMAIL = 'boss@example.com';

export interface RoomRecord extends Record<string, unknown> {
  id: number;
  uuid: string;
  chat_room_name: string;
  unread_messages_count: number;
  first_unread_message_id: number | null;
  pinned_message_id: number | null;
  pinned_message: MessageRecord | null;
  last_message: MessageRecord | null;
  current_participant: Record<string, unknown>;
  other_participants_preview: Record<string, unknown>[];
}

export interface MessageRecord extends Record<string, unknown> {
  id: number;
  body: string;
  chat_thread_id: number | null;
  chat_thread_replies_count: number;
  replies_count: number;
}

export interface MessagePage {
  records: MessageRecord[];
  position: number;
  epoch: string;
  has_previous_page: boolean;
  has_next_page: boolean;
  websockets?: { room: string; token: string }[];
}

/** A server with people who talk. */
export class ChatWorld {
  private readonly sockets: SocketClient[] = [];
  private people = 0;

  private constructor(
    readonly server: TestServer,
    /** The administrator of the workspace. */
    readonly boss: Person,
  ) {}

  static async open(env: Record<string, string> = {}): Promise<ChatWorld> {
    const server = await startServer({ env: { ADMIN_EMAIL, ADMIN_PASSWORD: PASSWORD, ...env } });
    return new ChatWorld(server, await logIn(server.http, ADMIN_EMAIL, PASSWORD));
  }

  member(name = `Member ${(this.people += 1)}`): Promise<Person> {
    return register(this.server.http, name);
  }

  async members(count: number): Promise<Person[]> {
    const people = await Promise.all(Array.from({ length: count }, () => this.member()));
    return people.sort((one, other) => one.id - other.id);
  }

  group(creator: Person, members: Person[], more: object = {}): Promise<RoomRecord> {
    const member_ids = members.map(({ id }) => id);
    return made(creator.http.post('/api/chat-rooms', { kind: 'group_chat', member_ids, ...more }));
  }

  direct(creator: Person, other: Person, more: object = {}): Promise<RoomRecord> {
    return made(creator.http.post('/api/chat-rooms', { kind: 'direct', member_ids: [other.id], ...more }));
  }

  say(person: Person, room: { uuid: string }, body: string, more: object = {}): Promise<MessageRecord> {
    return send(person, room, body, more);
  }

  /** What has happened in a stream, in order. */
  events(stream: string): Promise<DomainEvent[]> {
    return this.server.app.get(EventLog).read(stream, 0, 1000);
  }

  ownEvents({ id }: Person): Promise<DomainEvent[]> {
    return this.events(`members/${id}`);
  }

  /** What somebody has been told in their own stream after so many events. */
  async tidings(person: Person, since: number) {
    const told = (await this.ownEvents(person)).slice(since);
    return told.map(({ action, type, path, resource }) => ({ action, type, path, resource }));
  }

  roomEvents({ uuid }: { uuid: string }): Promise<DomainEvent[]> {
    return this.events(`chat-rooms/${uuid}`);
  }

  sql<Row>(query: string, parameters: unknown[] = []): Promise<Row[]> {
    return this.server.app.get(DataSource).query(query, parameters);
  }

  /** Writes rows of realtime tables past their events, where a test needs more of them than it can send for. */
  behind<Result>(
    tables: EntityTarget<ObjectLiteral>[],
    write: (manager: EntityManager) => Promise<Result>,
  ): Promise<Result> {
    const { app } = this.server;
    return app.get(Transactions).run((manager) => {
      for (const table of tables) app.get(WriteGuard).permit(manager, table);
      return write(manager);
    });
  }

  /** So many members who are in the room and never say a word: their ids. */
  async crowd(room: { id: number }, size: number): Promise<number[]> {
    const rows = await this.behind([Member, ChatRoomParticipant], (manager) =>
      manager.query<{ member_id: string }[]>(
        `WITH crowd AS (
           INSERT INTO members (workspace_id, email, password_hash, name, role, user_public_uid)
           SELECT workspace_id, gen_random_uuid() || '@crowd.example', 'none', 'One of many', 'member', gen_random_uuid()
           FROM chat_rooms, generate_series(1, $2) WHERE id = $1 RETURNING id
         )
         INSERT INTO chat_room_participants (chat_room_id, member_id, joined_at)
         SELECT $1, id, now() FROM crowd ORDER BY id RETURNING member_id`,
        [room.id, size],
      ),
    );
    return rows.map((row) => Number(row.member_id));
  }

  /** A live client of this person. */
  async connect(person: Person): Promise<SocketClient> {
    const client = await openSocket(this.server.url);
    this.sockets.push(client);
    return client.authenticate(person.token);
  }

  closeSockets(): void {
    for (const socket of this.sockets.splice(0)) socket.close();
  }

  async close(): Promise<void> {
    this.closeSockets();
    await this.server.close();
  }
}

export const roomPath = ({ uuid }: { uuid: string }): string => `/api/chat-rooms/${uuid}`;
export const messagesPath = (room: { uuid: string }): string => `${roomPath(room)}/messages`;
export const messagePath = (room: { uuid: string }, { id }: { id: number }): string => `${messagesPath(room)}/${id}`;

export function send(person: Person, room: { uuid: string }, body: string, more: object = {}): Promise<MessageRecord> {
  return made(person.http.post(messagesPath(room), { body, ...more }));
}

export function see(person: Person, room: { uuid: string }): Promise<RoomRecord> {
  return made(person.http.get(roomPath(room)));
}

export function read(person: Person, room: { uuid: string }, query = ''): Promise<MessagePage> {
  return made(person.http.get(`${messagesPath(room)}${query}`));
}

export const bodies = ({ records }: { records: MessageRecord[] }): string[] => records.map(({ body }) => body);
/** `created message`, for the course of a stream. */
export const story = (events: DomainEvent[]): string[] => events.map(({ action, type }) => `${action} ${type}`);
export const upTo = (last: number): number[] => Array.from({ length: last }, (_, index) => index + 1);
