/** How long somebody who has gone is remembered (docs/dialects/socket-io.md), and how many at most. */
const REMEMBERED_MS = 15 * 60_000;
const REMEMBERED_MEMBERS = 100_000;

/** Who was seen, and how long ago, as nodes tell each other. */
export type Sighting = [workspaceId: number, memberId: number, agoMs: number];

/** Remembers for a while who was online and is not any more. Nothing depends on it but the answer "not now". */
export class LastSeen {
  /** The longest gone come first. */
  private readonly members = new Map<number, { workspaceId: number; at: number }>();

  remember(workspaceId: number, memberId: number, at = performance.now()): void {
    this.members.delete(memberId);
    this.members.set(memberId, { workspaceId, at });
    for (const [oldest, seen] of this.members) {
      if (!expired(seen.at) && this.members.size <= REMEMBERED_MEMBERS) break;
      this.members.delete(oldest);
    }
  }

  forget(memberId: number): void {
    this.members.delete(memberId);
  }

  has(workspaceId: number, memberId: number): boolean {
    const seen = this.members.get(memberId);
    return seen !== undefined && seen.workspaceId === workspaceId && !expired(seen.at);
  }

  sightings(): Sighting[] {
    const now = performance.now();
    return [...this.members].map(([memberId, { workspaceId, at }]) => [workspaceId, memberId, Math.round(now - at)]);
  }

  /** Adds what another node remembers to what is known here. */
  learn(sightings: Sighting[]): void {
    const now = performance.now();
    const all = new Map([...sightings, ...this.sightings()].map((sighting) => [sighting[1], sighting]));
    this.members.clear();
    for (const [workspaceId, memberId, ago] of [...all.values()].sort((one, other) => other[2] - one[2])) {
      this.remember(workspaceId, memberId, now - ago);
    }
  }
}

function expired(at: number): boolean {
  return performance.now() - at > REMEMBERED_MS;
}
