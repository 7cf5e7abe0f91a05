import { Attendance, type PresenceChange, type Roll } from './attendance.js';
import { LastSeen } from './last-seen.js';

/**
 * Who is online, as far as this node knows. A member is, as long as one node says so: on which, and on how many, makes no
 * difference. Every method that takes news gives the changes that these really made.
 */
export class PresenceView {
  readonly seen = new LastSeen();
  private readonly nodes = new Map<string, Attendance>();

  online(workspaceId: number, memberId: number): boolean {
    for (const attendance of this.nodes.values()) if (attendance.has(workspaceId, memberId)) return true;
    return false;
  }

  /** The members of a workspace who are online, each once. */
  of(workspaceId: number): Set<number> {
    const members = new Set<number>();
    for (const attendance of this.nodes.values())
      for (const memberId of attendance.of(workspaceId)) members.add(memberId);
    return members;
  }

  roll(node: string): Roll {
    return this.nodes.get(node)?.roll() ?? [];
  }

  apply(node: string, changes: PresenceChange[]): PresenceChange[] {
    const attendance = this.nodes.get(node) ?? new Attendance();
    this.nodes.set(node, attendance);
    return changes.filter((change) => {
      const { workspaceId, memberId } = change;
      const before = this.online(workspaceId, memberId);
      attendance.set(change);
      const after = this.online(workspaceId, memberId);
      if (after) this.seen.forget(memberId);
      else if (before) this.seen.remember(workspaceId, memberId);
      return before !== after;
    });
  }

  /** The node has said who all of its members are. */
  replace(node: string, roll: Roll): PresenceChange[] {
    const known = this.nodes.get(node) ?? new Attendance();
    return this.apply(node, known.changesTo(new Attendance(roll)));
  }

  /** The node is no more, and nobody is online because of it. */
  remove(node: string): PresenceChange[] {
    const changes = this.replace(node, []);
    this.nodes.delete(node);
    return changes;
  }
}
