import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { asUnavailable } from '../../common/connection-errors.js';
import { DomainError } from '../../common/domain-error.js';
import { STATUS_OF_KIND } from '../../common/http/http-status.js';
import { originCheck } from '../../common/http/origins.js';
import { Drain } from '../../realtime/drain.js';
import { rawWebSocketServer } from '../../realtime/raw-web-socket.js';
import { refuse, UpgradeRouter } from '../../realtime/upgrade-router.js';
import { MsquaredConnection } from './msquared.connection.js';
import { MsquaredDoor } from './msquared.door.js';
import { MsquaredGuests } from './msquared.guests.js';
import { readHandshake } from './msquared.handshake.js';

const PATH = '/api/realtime';
/** Longer messages close the connection with the code 1009. */
const MAX_MESSAGE_BYTES = 64 * 1024;

/** The door on `/api/realtime` (docs/dialects/msquared.md): takes handshakes, and makes a connection of each. */
@Injectable()
export class MsquaredServer implements OnModuleInit {
  private readonly logger = new Logger(MsquaredServer.name);
  /** The sub-protocol that the answer to a handshake has to choose. */
  private readonly chosen = new WeakMap<IncomingMessage, string>();
  private readonly server = rawWebSocketServer({
    maxPayload: MAX_MESSAGE_BYTES,
    handleProtocols: (_offered, request) => this.chosen.get(request) ?? false,
  });

  private readonly mayConnectFrom: (origin: string | undefined) => boolean;

  constructor(
    private readonly upgrades: UpgradeRouter,
    private readonly guests: MsquaredGuests,
    private readonly drain: Drain,
    private readonly door: MsquaredDoor,
  ) {
    this.mayConnectFrom = originCheck(door.settings.allowedOrigins);
  }

  onModuleInit(): void {
    this.upgrades.claim(PATH, (request, stream, head) => void this.take(request, stream, head));
  }

  /** Refusals are HTTP, so they come before there is a WebSocket. Nothing of a handshake is ever logged: it holds secrets. */
  private async take(request: IncomingMessage, stream: Duplex, head: Buffer): Promise<void> {
    try {
      if (!this.mayConnectFrom(request.headers.origin)) return refuse(stream, 403);
      const { headers, protocol } = readHandshake(request);
      const guest = await this.door.outages.outlast(() => this.guests.admit({ headers }));
      if (this.drain.leaving) return refuse(stream, 503);
      if (protocol !== null) this.chosen.set(request, protocol);
      this.server.handleUpgrade(request, stream, head, (socket) => {
        new MsquaredConnection({ socket, stream }, guest, this.door);
      });
    } catch (error) {
      refuse(stream, this.statusOf(error));
    }
  }

  private statusOf(error: unknown): number {
    const known = error instanceof DomainError ? error : asUnavailable(error);
    if (known) return STATUS_OF_KIND[known.kind];
    this.logger.error(error, 'A handshake failed');
    return 500;
  }
}
