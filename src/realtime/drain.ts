import { setTimeout as pause } from 'node:timers/promises';
import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import type { DropReason } from './outgoing-queue.js';
import type { Session } from './session.js';
import { SessionRegistry } from './session-registry.js';
import { Waiters } from './waiters.js';

/** How long clients may take to hear the last word, and how often to look whether they have. */
const GOODBYE_LIMIT_MS = 1_000;
const GOODBYE_LOOK_MS = 10;

/**
 * How the clients of a node that stops are sent to another one: nobody new is taken, and those who are here leave one by
 * one, so that they do not all come back in the same moment.
 */
@Injectable()
export class Drain implements OnModuleDestroy {
  /** This node stops: probes say so, and the doors take nobody new. */
  leaving = false;

  constructor(
    private readonly sessions: SessionRegistry,
    private readonly waiters: Waiters,
  ) {}

  begin(): void {
    this.leaving = true;
  }

  onModuleDestroy(): void {
    this.begin();
  }

  /** Sends each client away at a random moment of the given time, in a way after which it comes back and resumes. */
  async sendAway(spreadMs: number): Promise<void> {
    const present = [...this.farewells()];
    if (spreadMs > 0) await Promise.all(present.map((farewell) => later(farewell, spreadMs)));
    // With them those who logged in meanwhile, over a connection that was open already.
    for (const farewell of [...this.farewells()]) farewell();
    await this.goodbyes();
  }

  /** The last words reach those who listen; the others are not waited for. */
  private async goodbyes(): Promise<void> {
    const deadline = performance.now() + GOODBYE_LIMIT_MS;
    const { sessions } = this;
    while (sessions.size + sessions.strangers.size > 0 && performance.now() < deadline) await pause(GOODBYE_LOOK_MS);
  }

  /** One for each connection that is here now. */
  private *farewells(): Iterable<() => void> {
    for (const session of this.sessions.all()) yield () => sendAway(session, 'restart');
    for (const waiter of this.waiters.all()) yield () => waiter.end();
    const { strangers } = this.sessions;
    for (const stranger of strangers) yield () => strangers.has(stranger) && stranger.drop('restart');
  }
}

async function later(farewell: () => void, spreadMs: number): Promise<void> {
  await pause(Math.random() * spreadMs);
  farewell();
}

/** What still waits for the client is dropped: it will ask for it where it comes back. */
export function sendAway(session: Session, reason: DropReason): void {
  if (session.closed) return;
  session.closed = true;
  session.queue.close();
  session.connection.drop(reason);
}
