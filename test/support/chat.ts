import type { HttpClient } from './http-client.js';
import type { Person } from './people.js';

export interface RoomRecord extends Record<string, unknown> {
  id: number;
  uuid: string;
}

export interface MessageRecord extends Record<string, unknown> {
  id: number;
  body: string;
  creation_uuid: string;
  chat_thread_id: number | null;
}

export interface MessagePage {
  records: MessageRecord[];
  has_previous_page: boolean;
  has_next_page: boolean;
  position: number;
  epoch: string;
  websockets?: { room: string; token: string }[];
}

/** The name under which clients join the conversation. */
export function roomOf({ uuid }: { uuid: string }): string {
  return `/chat-rooms/${uuid}`;
}

export function inboxOf({ id }: { id: number }): string {
  return `/members/${id}`;
}

/** The same person, speaking with another node or with the server's next life. */
export function at(server: { http: HttpClient }, person: Person): Person {
  return { ...person, http: server.http.as(person.token) };
}

export async function openGroup(owner: Person, others: Person[], more: object = {}): Promise<RoomRecord> {
  return made(
    await owner.http.post<RoomRecord>('/api/chat-rooms', { kind: 'group_chat', member_ids: idsOf(others), ...more }),
  );
}

export async function openDirect(owner: Person, other: Person): Promise<RoomRecord> {
  return made(await owner.http.post<RoomRecord>('/api/chat-rooms', { kind: 'direct', member_ids: [other.id] }));
}

export async function send(person: Person, room: RoomRecord, body: string, more: object = {}): Promise<MessageRecord> {
  return made(await person.http.post<MessageRecord>(`/api${roomOf(room)}/messages`, { body, ...more }));
}

export async function addTo(owner: Person, room: RoomRecord, ...people: Person[]): Promise<void> {
  made(await owner.http.post(`/api${roomOf(room)}/participants`, { member_ids: idsOf(people) }));
}

export async function removeFrom(owner: Person, room: RoomRecord, { id }: Person): Promise<void> {
  made(await owner.http.delete(`/api${roomOf(room)}/participants/${id}`));
}

/** A room token; throws when the room may not be joined. */
export async function ticket(person: Person, room: string): Promise<string> {
  const reply = await person.http.post<{ websockets: { token: string }[] }>('/api/realtime/tokens', { rooms: [room] });
  return made(reply).websockets[0]!.token;
}

/** Everything in the room, oldest first, read page by page from the newest. */
export async function allMessages(person: Person, room: RoomRecord): Promise<MessageRecord[]> {
  const found: MessageRecord[] = [];
  for (;;) {
    const before = found.length > 0 ? `&before=${found[0]!.id}` : '';
    const page = await person.http.get<MessagePage>(`/api${roomOf(room)}/messages?limit=100${before}`);
    const { records, has_previous_page } = made(page);
    found.unshift(...records);
    if (!has_previous_page) return found;
  }
}

function idsOf(people: { id: number }[]): number[] {
  return people.map(({ id }) => id);
}

function made<Body>({ status, body }: { status: number; body: Body }): Body {
  if (status >= 300) throw new Error(`Refused with ${status}: ${JSON.stringify(body)}`);
  return body;
}
