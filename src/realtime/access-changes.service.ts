import { Injectable, Logger } from '@nestjs/common';
import { IdentityCache } from '../auth/identity-cache.js';
import { MemberDirectory } from '../auth/identity-directory.js';
import { SparseLog } from '../common/logging/sparse-log.js';
import { ACCESS_STREAM, type AccessChange, toAccessChange } from '../events/access-changes.js';
import type { StreamHint } from '../events/bus/event-bus.js';
import { EventLog } from '../events/event-log.js';
import { RoomDirectory } from './room-directory.js';
import type { Membership, Session } from './session.js';
import { SessionRegistry } from './session-registry.js';
import { signalStream } from './signals.js';
import type { AccessGate } from './stream-feed.js';

const PAGE = 200;
const RETRY_MS = 250;

/**
 * Applies changes of access to the sessions of this node, in order. Every event carries the number of the last access
 * change before it, and no feed delivers it until that change has been applied here: so a session has lost a room before
 * any later event of it, on every node, however the bus behaves.
 */
@Injectable()
export class AccessChanges implements AccessGate {
  private readonly failures = new SparseLog(new Logger(AccessChanges.name));
  /** Every change up to here has been applied. */
  private done = 0;
  private known = 0;
  private work: Promise<void> | null = null;

  constructor(
    private readonly log: EventLog,
    private readonly directory: RoomDirectory,
    private readonly members: MemberDirectory,
    private readonly sessions: SessionRegistry,
    private readonly identities: IdentityCache,
  ) {}

  /** Every change up to this number has been applied here. */
  get position(): number {
    return this.done;
  }

  /** Nobody is connected yet, so all that happened before counts as applied. */
  async start(): Promise<void> {
    const { seq } = await this.log.head(ACCESS_STREAM);
    this.done = this.known = seq;
    this.identities.heedChanges(() => this.look());
  }

  /** Changes are on their way: requests are judged anew at once, sessions as soon as the log has told what changed. */
  announce(hint: StreamHint): void {
    for (const event of hint.events ?? []) this.identities.forget(toAccessChange(event).members);
    if (!hint.events) this.identities.forget();
    void this.applied(hint.to);
  }

  applied(fence: number): Promise<void> | null {
    if (fence <= this.done) return null;
    this.known = Math.max(this.known, fence);
    this.work ??= this.applyAll().finally(() => (this.work = null));
    return this.work.then(() => this.applied(fence) ?? undefined);
  }

  /** Finds the changes of which no hint came. */
  private async look(): Promise<void> {
    const heads = await this.log.heads([ACCESS_STREAM]);
    const to = heads.get(ACCESS_STREAM) ?? 0;
    if (to > this.done) this.announce({ stream: ACCESS_STREAM, from: this.done + 1, to, events: null });
  }

  private async applyAll(): Promise<void> {
    while (this.done < this.known) {
      try {
        const events = await this.log.read(ACCESS_STREAM, this.done, PAGE);
        const first = events[0];
        // Changes that are not kept any more (a node that slept for days): ask again about everything.
        if (!first || first.seq !== this.done + 1) await this.apply({});
        for (const event of events) await this.apply(toAccessChange(event));
        this.done = events.at(-1)?.seq ?? this.known;
      } catch (error) {
        this.failures.warn('Access changes could not be applied yet, deliveries wait', error);
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS).unref());
      }
    }
  }

  private async apply(change: AccessChange): Promise<void> {
    this.identities.forget(change.members);
    const concerned = change.members
      ? change.members.flatMap((id) => [...this.sessions.ofMember(id)])
      : [...this.sessions.all()];
    await Promise.all(concerned.map((session) => this.applyTo(session, change)));
  }

  private async applyTo(session: Session, change: AccessChange): Promise<void> {
    const identity = change.ended ? null : await this.members.findMember(session.identity.memberId);
    if (session.closed) return;
    if (!identity) {
      for (const membership of [...session.memberships.values()]) this.sessions.leave(membership);
      this.sessions.counts.revokedSessions += 1;
      session.closed = true;
      session.connection.end();
      return;
    }
    session.identity = identity;
    for (const membership of [...session.memberships.values()]) {
      if (membership.state === 'opening') membership.stale = true;
      else if (concerns(change, membership)) await this.ask(membership);
    }
  }

  private async ask(membership: Membership): Promise<void> {
    const { session, room } = membership;
    const open = await this.directory.open(room, session.identity);
    if (membership.left) return;
    const stream = open && (open.stream ?? signalStream(session.identity.workspaceId, room));
    if (open && stream === membership.feed?.stream) {
      membership.sees = open.sees;
      return;
    }
    this.sessions.counts.revokedRooms += 1;
    this.sessions.leave(membership);
    session.send(membership.words.revoked(room));
  }
}

function concerns(change: AccessChange, membership: Membership): boolean {
  const stream = membership.feed?.stream;
  return !change.streams || (stream !== undefined && change.streams.includes(stream));
}
