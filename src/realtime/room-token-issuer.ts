import { Injectable } from '@nestjs/common';
import type { Identity } from '../auth/identity.js';
import { RoomTokens } from '../auth/room-tokens.js';
import { RoomDirectory } from './room-directory.js';
import { roomForbidden, roomMembersOnly } from './room.errors.js';

/** A room with the token that lets the caller join it (docs/dialects/socket-io.md). */
export interface RoomTicket {
  room: string;
  token: string;
}

/** Hands out room tokens, each after the same question that the join itself will ask. */
@Injectable()
export class RoomTokenIssuer {
  constructor(
    private readonly directory: RoomDirectory,
    private readonly tokens: RoomTokens,
  ) {}

  /** One ticket per room, in order. Throws `room.forbidden` when any of them may not be joined. */
  async ticketsFor(identity: Identity, rooms: string[]): Promise<RoomTicket[]> {
    const { memberId } = identity;
    if (memberId === null) throw roomMembersOnly();
    const tickets: RoomTicket[] = [];
    for (const room of rooms) {
      if ((await this.directory.open(room, identity)) === null) throw roomForbidden();
      tickets.push({ room, token: this.tokens.sign(memberId, room) });
    }
    return tickets;
  }
}
