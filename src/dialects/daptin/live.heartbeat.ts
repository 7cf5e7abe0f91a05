import { Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { Settings } from '../../config/settings.js';

/** Somebody who is pinged. */
export interface Pinged {
  /** The pings that have had no answer. */
  unanswered: number;
  ping(): void;
  /** Gone without a word. */
  lost(): void;
}

/** The connections are pinged in so many groups, so that not all of them have to be written to in the same moment. */
const GROUPS = 12;
const MAX_UNANSWERED = 2;

/** Finds the connections behind which nobody is any more, by the pings of WebSocket itself. One timer for all. */
@Injectable()
export class LiveHeartbeat implements OnModuleInit, OnModuleDestroy {
  private readonly groups = Array.from({ length: GROUPS }, () => new Set<Pinged>());
  private readonly groupOf = new WeakMap<Pinged, Set<Pinged>>();
  private next = 0;
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly settings: Settings) {}

  onModuleInit(): void {
    this.timer = setInterval(() => this.beat(), this.settings.livePingIntervalMs / GROUPS).unref();
  }

  onModuleDestroy(): void {
    clearInterval(this.timer);
  }

  add(one: Pinged): void {
    const group = this.groups[this.next]!;
    group.add(one);
    this.groupOf.set(one, group);
  }

  remove(one: Pinged): void {
    this.groupOf.get(one)?.delete(one);
  }

  private beat(): void {
    this.next = (this.next + 1) % GROUPS;
    for (const one of this.groups[this.next]!) {
      if (one.unanswered >= MAX_UNANSWERED) one.lost();
      else one.ping();
      one.unanswered += 1;
    }
  }
}
