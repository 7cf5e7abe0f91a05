import { Injectable } from '@nestjs/common';
import type { MemberIdentity } from '../auth/identity.js';
import type { Connection } from './outgoing-queue.js';
import { RealtimeCounts } from './realtime-counts.js';
import type { Feed, Membership, Session } from './session.js';
import type { StreamFeed } from './stream-feed.js';

/** Told when a member's first session on this node begins, and when the last one has ended. */
export interface MemberWatcher {
  came(member: MemberIdentity): void;
  left(member: MemberIdentity): void;
}

/** The sessions of this node and the feeds that they need: plain book-keeping, no waiting. */
@Injectable()
export class SessionRegistry {
  readonly feeds = new Map<string, StreamFeed>();
  readonly counts = new RealtimeCounts();
  /** Those who are connected and have not said who they are. */
  readonly strangers = new Set<Pick<Connection, 'drop'>>();
  private readonly sessions = new Set<Session>();
  /** Arrays, because most members have one session. */
  private readonly byMember = new Map<number, readonly Session[]>();
  private watcher: MemberWatcher | null = null;

  watch(watcher: MemberWatcher): void {
    this.watcher = watcher;
  }

  add(session: Session): void {
    this.sessions.add(session);
    const { memberId } = session.identity;
    const others = this.byMember.get(memberId) ?? [];
    this.byMember.set(memberId, [...others, session]);
    if (others.length === 0) this.watcher?.came(session.identity);
  }

  remove(session: Session): void {
    if (session.queue.tooSlow && this.sessions.has(session)) this.counts.slowCuts += 1;
    session.closed = true;
    session.queue.close();
    for (const membership of [...session.memberships.values()]) this.leave(membership);
    this.sessions.delete(session);
    const { memberId } = session.identity;
    const own = this.byMember.get(memberId) ?? [];
    const others = own.filter((one) => one !== session);
    if (others.length === own.length) return;
    if (others.length > 0) return void this.byMember.set(memberId, others);
    this.byMember.delete(memberId);
    this.watcher?.left(session.identity);
  }

  get size(): number {
    return this.sessions.size;
  }

  /** How many members have a session here. */
  get members(): number {
    return this.byMember.size;
  }

  all(): Iterable<Session> {
    return this.sessions;
  }

  ofMember(memberId: number): Iterable<Session> {
    return this.byMember.get(memberId) ?? [];
  }

  /** Ends a membership at once. */
  leave(membership: Membership): void {
    const { session, label } = membership;
    membership.state = 'left';
    if (session.memberships.get(label) === membership) session.memberships.delete(label);
    this.detach(membership);
  }

  /** Takes a membership off its feed; a feed that nobody needs any more goes with its last one. */
  detach(membership: Membership): void {
    const { feed } = membership;
    membership.feed = null;
    feed?.memberships.delete(membership);
    if (feed) this.discardIdle(feed);
  }

  discardIdle(feed: Feed): void {
    if (feed.memberships.size === 0 && feed.listeners.size === 0) this.discard(feed);
  }

  discard(feed: Feed): void {
    feed.close();
    if (this.feeds.get(feed.stream) === feed) this.feeds.delete(feed.stream);
  }
}
