import type { OnModuleDestroy, OnModuleInit } from '@nestjs/common';
import type { WebSocket } from 'ws';

interface Watched {
  socket: WebSocket;
  /** The pings since anything was heard from it. */
  unanswered: number;
}

/** The connections are pinged in so many groups, so that not all of them have to be written to in the same moment. */
const GROUPS = 12;
const MAX_UNANSWERED = 2;

/** Finds the connections of a door behind which nobody is any more, by the pings of WebSocket itself. One timer for all. */
export abstract class WebSocketHeartbeat implements OnModuleInit, OnModuleDestroy {
  private readonly groups = Array.from({ length: GROUPS }, () => new Set<Watched>());
  private next = 0;
  private timer: NodeJS.Timeout | undefined;

  /** How often each connection is pinged. */
  protected abstract readonly intervalMs: number;

  onModuleInit(): void {
    this.timer = setInterval(() => this.beat(), this.intervalMs / GROUPS).unref();
  }

  onModuleDestroy(): void {
    clearInterval(this.timer);
  }

  /** Until it closes. */
  watch(socket: WebSocket): void {
    // The group whose turn was last has the longest time before it.
    const group = this.groups[(this.next + GROUPS - 1) % GROUPS]!;
    const watched: Watched = { socket, unanswered: 0 };
    const heard = (): void => void (watched.unanswered = 0);
    group.add(watched);
    socket.on('pong', heard);
    socket.on('message', heard);
    socket.on('close', () => group.delete(watched));
  }

  private beat(): void {
    const group = this.groups[this.next]!;
    this.next = (this.next + 1) % GROUPS;
    for (const watched of group) {
      if (watched.unanswered >= MAX_UNANSWERED) watched.socket.terminate();
      else watched.socket.ping();
      watched.unanswered += 1;
    }
  }
}
