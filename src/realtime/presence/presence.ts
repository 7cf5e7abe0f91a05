import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import type { MemberIdentity } from '../../auth/identity.js';
import { Settings } from '../../config/settings.js';
import { EventBus } from '../../events/bus/event-bus.js';
import { type MemberWatcher, SessionRegistry } from '../session-registry.js';
import type { PresenceChange } from './attendance.js';
import { LeaveGrace } from './leave-grace.js';
import { PresenceNews } from './presence-news.js';
import { PresencePeers } from './presence-peers.js';
import { PresenceView } from './presence-view.js';

/**
 * Who is online: who has a session on any node. The first one of a member is a join, the end of the last one, if none
 * follows within the grace, is a leave. Kept in memory only, and never logged.
 */
@Injectable()
export class Presence implements MemberWatcher, OnApplicationBootstrap, OnModuleDestroy {
  private readonly view = new PresenceView();
  private readonly peers: PresencePeers;
  private readonly news: PresenceNews;
  private readonly grace: LeaveGrace;
  private beats: NodeJS.Timeout | undefined;
  /** Changes of this node that the others have not been told of. */
  private own: PresenceChange[] = [];
  private ended = false;

  constructor(
    private readonly bus: EventBus,
    private readonly sessions: SessionRegistry,
    private readonly settings: Settings,
  ) {
    this.news = new PresenceNews(sessions.feeds);
    this.peers = new PresencePeers(bus, this.view, (changes) => this.news.add(changes));
    this.grace = new LeaveGrace(settings.presenceGraceSeconds * 1_000, (changes) => this.change(changes));
  }

  onApplicationBootstrap(): void {
    this.bus.listenToPeers(this.peers);
    this.sessions.watch(this);
    this.beats = setInterval(() => this.peers.beat(), this.settings.presenceBeatMs).unref();
    // Who was here before us says so. On a bus that is not connected yet nobody hears it; then the bus tells of a gap.
    this.peers.gap();
  }

  onModuleDestroy(): void {
    this.ended = true;
    clearInterval(this.beats);
    this.grace.stop();
    this.news.stop();
  }

  /** This node stops: those who were sent away from it have the grace to come back to another one. */
  sayGoodbye(): void {
    if (this.ended) return;
    this.tellPeers();
    this.peers.sayGoodbye(this.grace.milliseconds);
    this.onModuleDestroy();
  }

  came({ workspaceId, memberId }: MemberIdentity): void {
    if (!this.grace.cancel(memberId)) this.change([{ workspaceId, memberId, online: true }]);
  }

  left({ workspaceId, memberId }: MemberIdentity): void {
    if (!this.ended) this.grace.begin(workspaceId, memberId);
  }

  /** Whether the member is online; null when nobody of this number was seen lately, or not in this workspace. */
  status(workspaceId: number, memberId: number): boolean | null {
    if (this.view.online(workspaceId, memberId)) return true;
    return this.view.seen.has(workspaceId, memberId) ? false : null;
  }

  /** Everybody of the workspace who is online. */
  online(workspaceId: number): Iterable<number> {
    return this.view.of(workspaceId);
  }

  /** Tells those who watch what they have not heard yet, before somebody joins them. */
  tellNow(): void {
    this.news.tell();
  }

  private change(changes: PresenceChange[]): void {
    if (this.ended) return;
    this.news.add(this.view.apply(this.peers.node, changes));
    if (this.own.length === 0) setImmediate(() => this.tellPeers());
    this.own.push(...changes);
  }

  private tellPeers(): void {
    if (this.own.length > 0) this.peers.tell(this.own.splice(0));
  }
}
