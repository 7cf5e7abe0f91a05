import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { JsonWebTokenError } from '@nestjs/jwt';
import { type Authentication, TokenRevokedError } from '../../auth/authenticator.js';
import { SparseLog } from '../../common/logging/sparse-log.js';
import { Drain } from '../../realtime/drain.js';
import { RawConnection, rawWebSocketServer, type Wire } from '../../realtime/raw-web-socket.js';
import { refuse, UpgradeRouter } from '../../realtime/upgrade-router.js';
import { LiveConnection } from './live.connection.js';
import { LiveDoor } from './live.door.js';
import { farewells } from './live.frames.js';
import { type Credential, LiveOrigins, readCredential } from './live.handshake.js';

const PATH = '/live';
/** Longer frames close the connection with the code 1009. */
const MAX_MESSAGE_BYTES = 1024 * 1024;

/** The Daptin door on `/live` (docs/dialects/daptin.md): finds out who it is, and makes a connection of the handshake. */
@Injectable()
export class LiveServer implements OnModuleInit {
  private readonly failures = new SparseLog(new Logger(LiveServer.name));
  private readonly server = rawWebSocketServer({ maxPayload: MAX_MESSAGE_BYTES });

  private readonly origins: LiveOrigins;

  constructor(
    private readonly upgrades: UpgradeRouter,
    private readonly door: LiveDoor,
    private readonly drain: Drain,
  ) {
    this.origins = new LiveOrigins(door.settings.allowedOrigins);
  }

  onModuleInit(): void {
    this.upgrades.claim(PATH, (request, stream, head) => void this.take(request, stream, head));
  }

  /** A token that was good once gets an answer before there is a WebSocket; any other bad one after. */
  private async take(request: IncomingMessage, stream: Duplex, head: Buffer): Promise<void> {
    const credential = readCredential(request);
    if (!this.origins.admits(request, credential)) return refuse(stream, 403);
    let authentication: Authentication | null;
    try {
      authentication = credential && (await this.authenticate(credential));
    } catch (error) {
      if (error instanceof TokenRevokedError) return refuse(stream, 401);
      this.failures.warn('A handshake could not be served', error);
      return refuse(stream, 503);
    }
    // Perhaps this node has begun to stop meanwhile.
    if (this.drain.leaving) return refuse(stream, 503);
    this.server.handleUpgrade(request, stream, head, (socket) => this.open({ socket, stream }, authentication));
  }

  private open(wire: Wire, authentication: Authentication | null): void {
    if (authentication?.member) {
      new LiveConnection(wire, authentication.member, authentication, this.door);
      return;
    }
    wire.socket.on('error', () => undefined);
    new RawConnection(wire, farewells).leave(farewells.unauthorized);
  }

  private async authenticate({ token }: Credential): Promise<Authentication | null> {
    try {
      return await this.door.outages.outlast(() => this.door.authenticator.byToken(token));
    } catch (error) {
      if (error instanceof JsonWebTokenError && !(error instanceof TokenRevokedError)) return null;
      throw error;
    }
  }
}
