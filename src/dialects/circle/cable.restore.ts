import { Injectable } from '@nestjs/common';
import { Clock } from '../../common/clock.js';

/** How long a lost connection can be restored, and how many of them are remembered. */
const LIFETIME_MS = 300_000;
const MAX_REMEMBERED = 10_000;

interface LostSession {
  memberId: number;
  identifiers: string[];
  until: number;
}

/**
 * Remembers the subscriptions of connections that have broken, so that a client of the extended protocol need not ask for
 * each of them again. Only a convenience, and of this node alone: whoever is not known here subscribes as usual, with
 * the positions that it knows itself.
 */
@Injectable()
export class CableRestore {
  private readonly lost = new Map<string, LostSession>();

  constructor(private readonly clock: Clock) {}

  remember(sid: string, memberId: number, identifiers: string[]): void {
    if (identifiers.length === 0) return;
    this.lost.set(sid, { memberId, identifiers, until: this.now + LIFETIME_MS });
    for (const [oldest, { until }] of this.lost) {
      if (until > this.now && this.lost.size <= MAX_REMEMBERED) return;
      this.lost.delete(oldest);
    }
  }

  /**
   * What that connection was subscribed to; null when it is unknown, too old, or was somebody else's. It stays known until
   * it is forgotten: the welcome may get lost with the new connection, and then the client comes back with the old sid.
   */
  find(sid: string, memberId: number): string[] | null {
    const found = this.lost.get(sid);
    return found?.memberId === memberId && found.until > this.now ? found.identifiers : null;
  }

  forget(sid: string): void {
    this.lost.delete(sid);
  }

  private get now(): number {
    return this.clock.now().getTime();
  }
}
