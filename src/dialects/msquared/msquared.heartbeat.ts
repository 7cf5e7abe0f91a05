import { Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import type { WebSocket } from 'ws';
import { Settings } from '../../config/settings.js';

/** Pings every connection, and cuts off those that have not answered since the last time. One timer for all. */
@Injectable()
export class MsquaredHeartbeat implements OnModuleInit, OnModuleDestroy {
  /** Whether each has answered. */
  private readonly answered = new Map<WebSocket, boolean>();
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly settings: Settings) {}

  onModuleInit(): void {
    this.timer = setInterval(() => this.beat(), this.settings.realtimePingIntervalMs).unref();
  }

  onModuleDestroy(): void {
    clearInterval(this.timer);
  }

  watch(socket: WebSocket): void {
    this.answered.set(socket, true);
    socket.on('pong', () => this.answered.set(socket, true));
    socket.on('close', () => this.answered.delete(socket));
  }

  private beat(): void {
    for (const [socket, answered] of this.answered) {
      this.answered.set(socket, false);
      if (answered) socket.ping();
      else socket.terminate();
    }
  }
}
