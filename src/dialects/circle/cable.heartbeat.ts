import { Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { Settings } from '../../config/settings.js';
import { FrameBatch } from '../../realtime/frame-batch.js';
import type { Session } from '../../realtime/session.js';
import { frames } from './cable.frames.js';

/** The connections are pinged in so many groups, so that not all of them have to be written to in the same moment. */
const GROUPS = 12;

/** Pings every connection in turn: clients take silence for a broken one. One timer and one frame for all. */
@Injectable()
export class CableHeartbeat implements OnModuleInit, OnModuleDestroy {
  private readonly groups = Array.from({ length: GROUPS }, () => new Set<Session>());
  private readonly groupOf = new WeakMap<Session, Set<Session>>();
  private next = 0;
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly settings: Settings) {}

  onModuleInit(): void {
    this.timer = setInterval(() => this.beat(), this.settings.cablePingIntervalMs / GROUPS).unref();
  }

  onModuleDestroy(): void {
    clearInterval(this.timer);
  }

  /** The first ping comes after one interval at most. */
  add(session: Session): void {
    // The group whose turn was last has the longest time before it.
    const group = this.groups[(this.next + GROUPS - 1) % GROUPS]!;
    group.add(session);
    this.groupOf.set(session, group);
  }

  remove(session: Session): void {
    this.groupOf.get(session)?.delete(session);
  }

  private beat(): void {
    const group = this.groups[this.next]!;
    this.next = (this.next + 1) % GROUPS;
    if (group.size === 0) return;
    const ping = new FrameBatch([frames.ping(Math.floor(Date.now() / 1_000))], true);
    for (const session of group) session.queue.pushEphemeral(ping);
  }
}
