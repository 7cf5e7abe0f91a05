/** A member has come online, or has gone. */
export interface PresenceChange {
  workspaceId: number;
  memberId: number;
  online: boolean;
}

/** Members by their workspace, as nodes tell each other. */
export type Roll = [workspaceId: number, memberIds: number[]][];

/** The members who are connected to one node: plain numbers in sets, because there may be very many. */
export class Attendance {
  private readonly workspaces = new Map<number, Set<number>>();

  constructor(roll: Roll = []) {
    for (const [workspaceId, memberIds] of roll) this.workspaces.set(workspaceId, new Set(memberIds));
  }

  has(workspaceId: number, memberId: number): boolean {
    return this.workspaces.get(workspaceId)?.has(memberId) ?? false;
  }

  set({ workspaceId, memberId, online }: PresenceChange): void {
    const members = this.workspaces.get(workspaceId) ?? new Set();
    if (online) this.workspaces.set(workspaceId, members.add(memberId));
    else if (members.delete(memberId) && members.size === 0) this.workspaces.delete(workspaceId);
  }

  of(workspaceId: number): Iterable<number> {
    return this.workspaces.get(workspaceId) ?? [];
  }

  roll(): Roll {
    return [...this.workspaces].map(([workspaceId, members]) => [workspaceId, [...members]]);
  }

  /** What has to happen so that this becomes the other one; who comes is told before who goes. */
  changesTo(other: Attendance): PresenceChange[] {
    return [...other.without(this, true), ...this.without(other, false)];
  }

  private *without(other: Attendance, online: boolean): Iterable<PresenceChange> {
    for (const [workspaceId, members] of this.workspaces) {
      for (const memberId of members) if (!other.has(workspaceId, memberId)) yield { workspaceId, memberId, online };
    }
  }
}
