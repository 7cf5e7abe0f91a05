import { ActionCablePage } from './support/actioncable-page.js';
import { CableClient } from './support/cable-client.js';
import { at, openGroup, roomOf, type RoomRecord, send } from './support/chat.js';
import type { HttpReply } from './support/http-client.js';
import { ADMIN, type Nodes, startNodes } from './support/nodes.js';
import { logIn, type Person, register } from './support/people.js';
import type { TestServer } from './support/start-server.js';

export type Message = Record<string, unknown> & { event: string };

export const QUEUES = {
  notices: 'NotificationChannel',
  rooms: 'ChatRoomChannel',
  threads: 'Chats::CommunityMemberThreadsChannel',
  talk: 'Chats::RoomChannel',
};
export type Queue = keyof typeof QUEUES;
const NAMES = Object.keys(QUEUES) as Queue[];

/** What came on each of somebody's queues. */
export type Heard = Record<Queue, Message[]>;

const page = new ActionCablePage();

/** Somebody who listens on all four channels: on those of their own, and on one room's if they may. */
export class Ear {
  private readonly from: Record<Queue, number> = { notices: 0, rooms: 0, threads: 0, talk: 0 };

  constructor(
    readonly person: Person,
    readonly client: CableClient,
    private readonly ownRoom: RoomRecord,
  ) {}

  async listen({ id }: RoomRecord): Promise<string> {
    const { type } = await this.client.subscribe({ channel: QUEUES.talk, chat_room_id: id });
    return type!;
  }

  /** Everything that was committed before in their own stream has arrived. */
  async settle(): Promise<void> {
    await made(this.person.http.post(`/api${roomOf(this.ownRoom)}/mark_all_as_read`));
    await this.client.next(({ message }) => message?.chat_room_uuid === this.ownRoom.uuid);
    // What one stream says on several queues is written in one turn; this answer comes after it.
    await this.client.subscribe({ channel: 'Nothing' });
  }

  /** What has come since the last time, without what only shows that this is all. */
  take(): Heard {
    const heard = Object.fromEntries(NAMES.map((queue) => [queue, this.takeOf(queue)])) as Heard;
    expect(NAMES.flatMap((queue) => heard[queue].flatMap((message) => page.faults(QUEUES[queue], message)))).toEqual(
      [],
    );
    return heard;
  }

  private takeOf(queue: Queue): Message[] {
    const messages = this.client.messages(QUEUES[queue]);
    const since = messages.slice(this.from[queue]);
    this.from[queue] = messages.length;
    return since.filter(
      ({ chat_room_uuid, body }) => chat_room_uuid !== this.ownRoom.uuid && !String(body).startsWith(MARKER),
    );
  }
}

const MARKER = 'Until here: ';

/** People who listen on `/cable`, on two nodes where the services of the run allow it. */
export class CableWorld {
  private readonly ears: Ear[] = [];
  private readonly ownRooms = new Map<number, Promise<RoomRecord>>();

  private constructor(
    private readonly running: Nodes,
    /** The administrator of the workspace. */
    readonly boss: Person,
  ) {}

  static async open(env: Record<string, string> = {}): Promise<CableWorld> {
    const running = await startNodes(env);
    return new CableWorld(running, await logIn(running.nodes[0].http, ADMIN.email, ADMIN.password));
  }

  get nodes(): [TestServer, TestServer] {
    return this.running.nodes;
  }

  people(...names: string[]): Promise<Person[]> {
    return Promise.all(names.map((name) => register(this.nodes[0].http, name)));
  }

  /** Each of them on one of the nodes, in turn. */
  async listen(people: Person[], room?: RoomRecord): Promise<Ear[]> {
    return Promise.all(people.map((person, index) => this.ear(person, index % 2, room)));
  }

  async ear(person: Person, node: number, room?: RoomRecord): Promise<Ear> {
    const server = this.nodes[node]!;
    const own = await this.ownRoomOf(person);
    const ear = new Ear(at(server, person), await CableClient.open(server.url, { token: person.token }), own);
    this.ears.push(ear);
    for (const channel of [QUEUES.notices, QUEUES.rooms, QUEUES.threads]) {
      expect(await ear.client.subscribe({ channel, community_member_id: person.id })).toMatchObject({
        type: 'confirm_subscription',
      });
    }
    if (room) expect(await ear.listen(room)).toBe('confirm_subscription');
    return ear;
  }

  /**
   * What each of them has heard since the last time. A later message of the room, which those inside all get, and then a
   * later event of each member's own show that it is everything.
   */
  async heard(inside: Ear[], room: RoomRecord | null, outside: Ear[] = []): Promise<Heard[]> {
    if (room) {
      const body = `${MARKER}${Math.random()}`;
      await send(inside[0]!.person, room, body);
      for (const { client } of inside) {
        const arrived = client.frames.some(({ message }) => message?.body === body);
        if (!arrived) await client.next(({ message }) => message?.body === body);
      }
    }
    const all = [...inside, ...outside];
    for (const ear of all) await ear.settle();
    return all.map((ear) => ear.take());
  }

  hangUp(): void {
    this.ears.splice(0).forEach(({ client }) => client.close());
  }

  async close(): Promise<void> {
    this.hangUp();
    await this.running.close();
  }

  private ownRoomOf(person: Person): Promise<RoomRecord> {
    const room = this.ownRooms.get(person.id) ?? openGroup(person, []);
    this.ownRooms.set(person.id, room);
    return room;
  }
}

/** The names of what was heard, queue by queue; queues that were silent are left out. */
export function inShort(heard: Heard): Partial<Record<Queue, string[]>> {
  const spoken = NAMES.filter((queue) => heard[queue].length > 0);
  return Object.fromEntries(spoken.map((queue) => [queue, heard[queue].map(({ event }) => event)]));
}

export const roomPath = (room: RoomRecord): string => `/api${roomOf(room)}`;
export const messagePath = (room: RoomRecord, { id }: { id: number }): string => `${roomPath(room)}/messages/${id}`;

/** The body of a reply that has to be a success. */
export async function made<Body = Record<string, unknown>>(reply: Promise<HttpReply<Body>>): Promise<Body> {
  const { status, body } = await reply;
  if (status >= 300) throw new Error(`Refused with ${status}: ${JSON.stringify(body)}`);
  return body;
}
