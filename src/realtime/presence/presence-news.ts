import type { Feed } from '../session.js';
import { sendEphemeral, signalStream } from '../signals.js';
import type { PresenceChange } from './attendance.js';

/** What happens within such a moment is told together. */
const GATHER_MS = 50;
/** Members in one moment; a workspace that loses thousands at once hears of it over several. */
const MAX_CHANGES = 500;

/** The rooms in which a workspace hears of its members, under the names by which they are joined. */
export function presenceRooms(workspaceId: number): string[] {
  return [`/users/online/${workspaceId}`, '/users/online'];
}

/** Tells those who are in the presence rooms on this node who came and who went, in order. */
export class PresenceNews {
  private untold: PresenceChange[] = [];
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly feeds: ReadonlyMap<string, Feed>) {}

  add(changes: PresenceChange[]): void {
    if (changes.length === 0) return;
    this.untold = this.untold.concat(changes);
    this.timer ??= setTimeout(() => this.tell(), GATHER_MS).unref();
  }

  /** Now, so that who joins after this does not hear of what was before. */
  tell(): void {
    this.stop();
    const changes = this.untold.slice(0, MAX_CHANGES);
    this.untold = this.untold.slice(MAX_CHANGES);
    for (const workspaceId of new Set(changes.map((change) => change.workspaceId))) {
      const own = changes.filter((change) => change.workspaceId === workspaceId);
      for (const room of presenceRooms(workspaceId)) this.send(workspaceId, room, own);
    }
    if (this.untold.length > 0) this.timer = setTimeout(() => this.tell(), GATHER_MS).unref();
  }

  stop(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
  }

  private send(workspaceId: number, room: string, changes: PresenceChange[]): void {
    const feed = this.feeds.get(signalStream(workspaceId, room));
    if (feed) sendEphemeral(feed.memberships, room, (dialect) => dialect.presence?.(room, changes) ?? null);
  }
}
