import { settleAll } from '../common/settle-all.js';
import type { DomainEvent } from '../events/domain-event.js';
import type { RoomWords } from './dialect.js';
import type { RoomJoiner, Start } from './room-joiner.js';
import { Membership, type Session } from './session.js';
import type { SessionRegistry } from './session-registry.js';

/** One room of a group. */
export interface GroupedRoom {
  room: string;
  /** Tells it from the others of the group. */
  name: string;
  words: RoomWords;
  /** Which of the room's events the client has asked for; absent: all that it may see. */
  wants?: Membership['wants'];
}

/** What a group is made of: the main room decides whether there is one at all. */
export interface RoomPlan<Room extends GroupedRoom> {
  main: Room;
  /** The other rooms at the moment. */
  others?(): Promise<Room[]>;
  /** The room that an event of the main one adds, and where in it to begin. */
  opensWith?(event: DomainEvent): Promise<{ room: Room; after: number } | null>;
}

/** A room on its way into the group, or in it: what was sent on this connection came after the number of its start. */
export interface RoomPart<Room extends GroupedRoom> {
  room: Room;
  membership: Membership;
  start: Start;
}

/** Whose rooms they are. */
export interface RoomGroupOwner {
  session: Session;
  /** What could not be entered later on ends the connection: the client comes back and asks for all of it. */
  failed(error: unknown): void;
}

export interface RoomGroupCore {
  joiner: RoomJoiner;
  sessions: SessionRegistry;
}

/**
 * Several rooms that one session enters together, so that it hears nothing before it is told that it is in, and
 * everything after it. Rooms that open later on are added one after another.
 */
export class RoomGroup<Room extends GroupedRoom> {
  private readonly parts = new Map<string, RoomPart<Room>>();
  private growing: Promise<void> = Promise.resolve();

  constructor(
    private readonly owner: RoomGroupOwner,
    private readonly label: string,
    private readonly plan: RoomPlan<Room>,
    private readonly core: RoomGroupCore,
  ) {}

  /** Whether it still is one: access to the main room may have been lost. */
  get live(): boolean {
    return this.parts.get(this.plan.main.name)?.membership.left === false;
  }

  /** The rooms that the session has not lost. */
  get present(): RoomPart<Room>[] {
    return [...this.parts.values()].filter(({ membership }) => !membership.left);
  }

  /** Where the client stands in the main room. */
  get start(): Start {
    return this.parts.get(this.plan.main.name)!.start;
  }

  /** One of the rooms does not reach back to where the client stopped. */
  get lost(): boolean {
    return [...this.parts.values()].some(({ start }) => start.resync);
  }

  /** Goes as far as to all doors; what is committed from now on waits there. False when it may not be. */
  async approach(from: (room: Room) => Start['from']): Promise<boolean> {
    const { main, others } = this.plan;
    if (!(await this.prepare(main, from(main)))) return this.close();
    // Listed once the main room is held: what opens from now on is told there.
    const rooms = (await others?.()) ?? [];
    await settleAll(rooms.map((room) => this.prepare(room, from(room))));
    return this.live || this.close();
  }

  /** The same for the rooms that it stands before already, from elsewhere. */
  async approachAgain(from: (room: Room) => Start['from']): Promise<void> {
    await settleAll([...this.parts.values()].map(({ room }) => this.prepare(room, from(room))));
  }

  /** Where it stands now, whatever was missed. */
  startHere(): void {
    for (const part of this.parts.values()) part.start = fromHere(part);
  }

  /** Enters all rooms; `caughtUp` is called once all that was missed has been sent. */
  async enter(caughtUp: () => void = () => undefined): Promise<void> {
    const parts = [...this.parts.values()];
    let missing = parts.length;
    const partCaughtUp = (): void => {
      missing -= 1;
      if (missing === 0) caughtUp();
    };
    await Promise.all(parts.map(async (part) => (await this.enterPart(part, partCaughtUp)) || partCaughtUp()));
  }

  /** Leaves all rooms. */
  close(): false {
    for (const { membership } of this.parts.values()) this.core.sessions.leave(membership);
    this.parts.clear();
    return false;
  }

  private async prepare(room: Room, from: Start['from']): Promise<RoomPart<Room> | null> {
    const known = this.parts.get(room.name)?.membership;
    const membership = known?.left === false ? known : this.membership(room);
    const start = await this.core.joiner.approach(membership, from);
    if (!start) return null;
    const part = { room, membership, start };
    this.parts.set(room.name, part);
    return part;
  }

  private membership(room: Room): Membership {
    const membership = new Membership(this.owner.session, room.room, `${this.label} ${room.name}`, room.words);
    membership.wants = room.wants;
    if (room === this.plan.main && this.plan.opensWith) membership.passed = (events) => this.grow(events);
    return membership;
  }

  private enterPart({ membership, start }: RoomPart<Room>, caughtUp?: () => void): Promise<boolean> {
    return this.core.joiner.enter(membership, start, { joined: () => undefined, caughtUp });
  }

  /** What was said in a room since it opened follows what told of it. */
  private grow(events: DomainEvent[]): void {
    for (const event of events)
      this.growing = this.growing.then(() => this.open(event)).catch((error: unknown) => this.owner.failed(error));
  }

  private async open(event: DomainEvent): Promise<void> {
    const opened = await this.plan.opensWith!(event);
    if (!opened || !this.live || this.parts.get(opened.room.name)?.membership.left === false) return;
    const part = await this.prepare(opened.room, { seq: opened.after });
    // Everything else was left meanwhile, and so has this one to be.
    if (!this.live) return void this.close();
    if (part) await this.enterPart(part);
  }
}

function fromHere<Room extends GroupedRoom>({ start, membership }: RoomPart<Room>): Start {
  return { ...start, from: null, seq: membership.feed?.head ?? start.seq, resync: false, missed: [] };
}
