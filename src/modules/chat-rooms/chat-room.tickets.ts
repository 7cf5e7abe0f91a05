import { Injectable } from '@nestjs/common';
import type { Identity } from '../../auth/identity.js';
import { DomainError } from '../../common/domain-error.js';
import { type RoomTicket, RoomTokenIssuer } from '../../realtime/room-token-issuer.js';
import { chatRoomPaths } from './chat-rooms.streams.js';

/** The `websockets` of replies about rooms: a token for each room that they show. Not for use inside a transaction. */
@Injectable()
export class ChatRoomTickets {
  constructor(private readonly issuer: RoomTokenIssuer) {}

  async forReply(
    identity: Identity,
    query: { websockets: boolean },
    rooms: { uuid: string }[],
  ): Promise<{ websockets?: RoomTicket[] }> {
    if (!query.websockets) return {};
    const tickets = await Promise.all(rooms.map(({ uuid }) => this.ticket(identity, chatRoomPaths.room(uuid))));
    return { websockets: tickets.flat() };
  }

  /** None for a room that was lost since the reply was read: that must not spoil the rest of a list. */
  private async ticket(identity: Identity, room: string): Promise<RoomTicket[]> {
    try {
      return await this.issuer.ticketsFor(identity, [room]);
    } catch (error) {
      if (error instanceof DomainError && error.kind === 'forbidden') return [];
      throw error;
    }
  }
}
