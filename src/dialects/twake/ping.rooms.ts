import { Injectable } from '@nestjs/common';
import { type OpenRoom, RoomKind, type RoomSource } from '../../realtime/room-source.js';
import { PING_ROOM } from './twake.rooms.js';

/** The room `/ping` (docs/dialects/socket-io.md): open to every member, fed by nothing. */
@Injectable()
@RoomKind(PING_ROOM)
export class PingRooms implements RoomSource {
  open(): Promise<OpenRoom> {
    return Promise.resolve({ stream: null });
  }
}
