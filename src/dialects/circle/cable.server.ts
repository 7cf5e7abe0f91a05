import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { originCheck } from '../../common/http/origins.js';
import { rawWebSocketServer } from '../../realtime/raw-web-socket.js';
import { refuse, UpgradeRouter } from '../../realtime/upgrade-router.js';
import { CableConnection } from './cable.connection.js';
import { CableDoor } from './cable.door.js';
import { chooseProtocol, EXTENDED_PROTOCOL, readHandshake } from './cable.handshake.js';

const PATH = '/cable';
/** Longer frames close the connection with the code 1009. */
const MAX_MESSAGE_BYTES = 64 * 1024;

/** The ActionCable door on `/cable` (docs/dialects/actioncable.md): takes handshakes, and makes a connection of each. */
@Injectable()
export class CableServer implements OnModuleInit {
  private readonly server = rawWebSocketServer({ maxPayload: MAX_MESSAGE_BYTES, handleProtocols: chooseProtocol });

  private readonly mayConnectFrom: (origin: string | undefined) => boolean;

  constructor(
    private readonly upgrades: UpgradeRouter,
    private readonly door: CableDoor,
  ) {
    this.mayConnectFrom = originCheck(door.settings.allowedOrigins);
  }

  onModuleInit(): void {
    this.upgrades.claim(PATH, (request, stream, head) => this.take(request, stream, head));
  }

  /** The origin is looked at first, and the token only once there is a WebSocket that can say what is wrong with it. */
  private take(request: IncomingMessage, stream: Duplex, head: Buffer): void {
    if (!this.mayConnectFrom(request.headers.origin)) return refuse(stream, 403);
    this.server.handleUpgrade(request, stream, head, (socket) => {
      const extended = socket.protocol === EXTENDED_PROTOCOL;
      new CableConnection({ socket, stream }, readHandshake(request), extended, this.door);
    });
  }
}
