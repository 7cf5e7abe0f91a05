import { type OnGatewayConnection, WebSocketGateway } from '@nestjs/websockets';
import type { Socket } from 'socket.io';
import { Authenticator } from '../../auth/authenticator.js';
import { Settings } from '../../config/settings.js';
import { Outages } from '../../database/outages.js';
import { SessionRegistry } from '../../realtime/session-registry.js';
import { TwakeConnection, type TwakeDoor } from './twake.connection.js';
import { TwakePresence } from './twake.presence.js';
import { TwakeRooms } from './twake.rooms.js';

/** The Socket.IO door on `/socket`: client majors 2, 3 and 4 (docs/dialects/socket-io.md). Our native realtime protocol. */
@WebSocketGateway({ path: '/socket', allowEIO3: true })
export class TwakeGateway implements OnGatewayConnection<Socket> {
  private readonly door: TwakeDoor;

  constructor(
    authenticator: Authenticator,
    sessions: SessionRegistry,
    rooms: TwakeRooms,
    presence: TwakePresence,
    outages: Outages,
    settings: Settings,
  ) {
    const endsWithToken = settings.socketTokenExpiry === 'disconnect';
    this.door = { authenticator, sessions, rooms, presence, outages, endsWithToken };
  }

  /** No credential is needed to open the socket: authenticating is the client's first request. */
  handleConnection(socket: Socket): void {
    new TwakeConnection(socket, this.door);
  }
}
