import { type IncomingMessage, type Server, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { Drain } from './drain.js';

export type UpgradeHandler = (request: IncomingMessage, socket: Duplex, head: Buffer) => void;

/**
 * Sends each WebSocket handshake on the one HTTP port to the door that owns its path, and refuses the rest at once, so
 * that several protocols share the port without knowing of each other.
 */
@Injectable()
export class UpgradeRouter implements OnModuleInit {
  private readonly handlers = new Map<string, UpgradeHandler | null>();
  /** Connections that have left HTTP, which the HTTP server therefore cannot end. */
  private readonly sockets = new Set<Duplex>();

  constructor(
    private readonly host: HttpAdapterHost,
    private readonly drain: Drain,
  ) {}

  onModuleInit(): void {
    const { sockets } = this;
    const server = this.host.httpAdapter.getHttpServer() as Server;
    // One listener of a kind for all of them, because there may be very many.
    const forget = function (this: Duplex): void {
      sockets.delete(this);
    };
    // HTTP does not listen any more, and a door does only once there is a WebSocket; without anybody the process would end.
    const ignore = (): void => undefined;
    server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
      sockets.add(socket.on('close', forget).on('error', ignore));
      this.route(request, socket, head);
    });
  }

  /** Claims a path; a trailing slash in a request makes no difference. Null: another listener answers there. */
  claim(path: string, handler: UpgradeHandler | null): void {
    this.handlers.set(path, handler);
  }

  /** Ends what is still open, without a word. */
  cutAll(): void {
    for (const socket of this.sockets) socket.destroy();
  }

  private route(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const handler = this.handlers.get(pathOf(request));
    if (handler === null) return;
    if (!handler) refuse(socket, 404);
    else if (this.drain.leaving) refuse(socket, 503);
    else handler(request, socket, head);
  }
}

/** Answers a handshake with an HTTP status instead, and hangs up: a client that stays would hold the connection for ever. */
export function refuse(socket: Duplex, status: number): void {
  socket.once('finish', () => socket.destroy());
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}

function pathOf(request: IncomingMessage): string {
  const path = (request.url ?? '/').split('?', 1)[0]!;
  return path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path;
}
