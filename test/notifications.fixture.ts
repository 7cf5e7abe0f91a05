import { DataSource } from 'typeorm';
import { at, inboxOf } from './support/chat.js';
import { ADMIN, type Nodes, startNodes } from './support/nodes.js';
import { logIn, type Person, register } from './support/people.js';
import { openSocket, type ResourceFrame, type SocketClient } from './support/socket-client.js';
import type { TestServer } from './support/start-server.js';
import { made } from './support/replies.js';

export { made, outcome } from './support/replies.js';

export interface NotificationRecord extends Record<string, unknown> {
  id: number;
  action: string;
  is_new: boolean;
  read_at: string | null;
  archived_at: string | null;
  notification_group: string;
  notifiable_id: number;
}

export interface NotificationPage {
  records: NotificationRecord[];
  has_next_page: boolean;
  count: number;
  page_count: number;
  position: number;
  epoch: string;
  websockets?: { room: string; token: string }[];
}

export interface Counts {
  new_notifications_count: number;
  new_mentions_count: number;
  new_inbox_count: number;
}

/** What is told about notifications, beside the other things that a member's room tells. */
const TYPES = ['notification', 'notification_count', 'notifications'];
export const PATH = '/api/notifications';

/** `created mention`, `updated 3`, `reset 0`: an event in short. */
export function inShort({ action, type, resource }: ResourceFrame): string {
  if (type === 'notification_count') return `${action} ${String(resource.new_notifications_count)}`;
  return `${action} ${String(resource.action ?? type)}`;
}

/** Somebody's live client, in their own room. */
export class Device {
  private heardUpTo = 0;

  constructor(
    readonly person: Person,
    private readonly client: SocketClient,
  ) {}

  /** What has been told about notifications since the last time: a later event of another kind shows that this is all. */
  async heard(): Promise<ResourceFrame[]> {
    const headline = `until ${Math.random()}`;
    await made(this.person.http.patch('/api/me', { headline }));
    await this.client.next(
      'realtime:resource',
      ({ resource }) => (resource as { headline?: string }).headline === headline,
    );
    const frames = this.client.resources();
    const end = frames.findIndex(({ resource }) => resource.headline === headline);
    const heard = frames.slice(this.heardUpTo, end).filter(({ type }) => TYPES.includes(type));
    this.heardUpTo = end + 1;
    return heard;
  }

  async heardInShort(): Promise<string[]> {
    return (await this.heard()).map(inShort);
  }

  close(): void {
    this.client.close();
  }
}

/** A server, or two where the services allow it, with people who get notifications. */
export class NotificationWorld {
  private readonly devices: Device[] = [];

  private constructor(
    private readonly running: Nodes,
    readonly boss: Person,
  ) {}

  static async open(): Promise<NotificationWorld> {
    const running = await startNodes();
    return new NotificationWorld(running, await logIn(running.nodes[0].http, ADMIN.email, ADMIN.password));
  }

  get nodes(): [TestServer, TestServer] {
    return this.running.nodes;
  }

  get server(): TestServer {
    return this.nodes[0];
  }

  person(name: string): Promise<Person> {
    return register(this.server.http, name);
  }

  people(...names: string[]): Promise<Person[]> {
    return Promise.all(names.map((name) => this.person(name)));
  }

  /** From now on, or from a position on. */
  async device(person: Person, node: 0 | 1 = 0, since?: number): Promise<Device> {
    const server = this.nodes[node];
    const there = at(server, person);
    const { body } = await there.http.get<NotificationPage>(`${PATH}?websockets=1`);
    const client = await (await openSocket(server.url)).authenticate(person.token);
    await client.join(inboxOf(person), body.websockets![0]!.token, { last_id: since ?? body.position });
    const device = new Device(there, client);
    this.devices.push(device);
    return device;
  }

  /** As an administrator does it. */
  notify(person: Person, more: object = {}): Promise<NotificationRecord> {
    const body = { action: 'like', notifiable_type: 'Post', notifiable_id: 7, ...more };
    return made(this.boss.http.post(`/api/members/${person.id}/notifications`, body));
  }

  sql<Row>(query: string, parameters: unknown[] = []): Promise<Row[]> {
    return this.server.app.get(DataSource).query(query, parameters);
  }

  closeDevices(): void {
    for (const device of this.devices.splice(0)) device.close();
  }

  async close(): Promise<void> {
    this.closeDevices();
    await this.running.close();
  }
}

export function list(person: Person, query = ''): Promise<NotificationPage> {
  return made(person.http.get(`${PATH}${query}`));
}

/** Action and subject of all that somebody has, the first one first. */
export async function haveOf(person: Person): Promise<[string, number][]> {
  const { records } = await list(person, '?sort=oldest&per_page=100');
  return records.map(({ action, notifiable_id }) => [action, notifiable_id]);
}

export function countOf(person: Person): Promise<Counts> {
  return made(person.http.get(`${PATH}/new_notifications_count`));
}

export function act(person: Person, id: number, action: 'mark_as_read' | 'archive'): Promise<NotificationRecord> {
  return made(person.http.post(`${PATH}/${id}/${action}`));
}

export const idsOf = ({ records }: NotificationPage): number[] => records.map(({ id }) => id);

/** A rich text that says something and mentions these people, each in another of the ways there are. */
export function mentioning(...people: { id: number }[]): Record<string, unknown> {
  const attrs = people.map(
    ({ id }, index) => [{ sgid: `gid-${id}` }, { community_member_id: id }, { member_id: String(id) }][index % 3],
  );
  const text = { type: 'text', text: `Look ${Math.random()}` };
  return {
    body: {
      type: 'doc',
      content: [{ type: 'paragraph', content: [text, ...attrs.map((each) => ({ type: 'mention', attrs: each }))] }],
    },
    sgids_to_object_map: Object.fromEntries(people.map(({ id }) => [`gid-${id}`, { community_member_id: id }])),
  };
}

type State = Pick<NotificationRecord, 'is_new' | 'read_at' | 'notification_group'> & { room: unknown };

/** What a client makes of the events alone. Each badge that it is told has to be what it would have counted itself. */
export class BadgeModel {
  last: Counts = { new_notifications_count: 0, new_mentions_count: 0, new_inbox_count: 0 };
  private readonly known = new Map<number, State>();

  take({ type, action, resource }: ResourceFrame): void {
    if (type === 'notification') this.change(action, resource as NotificationRecord);
    else if (type === 'notifications') this.read(resource);
    else this.count(action, resource as unknown as Counts);
  }

  state(): [number, boolean, string | null][] {
    return [...this.known]
      .map(([id, { is_new, read_at }]): [number, boolean, string | null] => [id, is_new, read_at])
      .sort();
  }

  private change(action: string, notification: NotificationRecord): void {
    if (action === 'deleted') this.known.delete(notification.id);
    else {
      const { is_new, read_at, notification_group, notifiable } = notification;
      const room = (notifiable as { chat_room_uuid: string }).chat_room_uuid;
      this.known.set(notification.id, { is_new, read_at, notification_group, room });
    }
  }

  private read({ notification_type: group, parent_notifiable: parent, read_at }: Record<string, unknown>): void {
    for (const state of this.known.values()) {
      if (state.read_at !== null || (group !== null && state.notification_group !== group)) continue;
      if (parent !== null && state.room !== this.rooms.get((parent as { id: number }).id)) continue;
      Object.assign(state, { read_at, is_new: false });
    }
  }

  private count(action: string, told: Counts): void {
    if (action === 'reset') for (const state of this.known.values()) state.is_new = false;
    const fresh = [...this.known.values()].filter(({ is_new }) => is_new).map((state) => state.notification_group);
    expect(told).toEqual({
      new_notifications_count: fresh.length,
      new_mentions_count: fresh.filter((group) => group === 'mentions').length,
      new_inbox_count: fresh.filter((group) => group === 'inbox').length,
    });
    this.last = told;
  }

  /** @param rooms the uuids of chat rooms, by their ids. */
  constructor(private readonly rooms: Map<number, string>) {}
}
