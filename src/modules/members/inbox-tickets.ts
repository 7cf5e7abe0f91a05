import { Injectable } from '@nestjs/common';
import type { Identity } from '../../auth/identity.js';
import { type RoomTicket, RoomTokenIssuer } from '../../realtime/room-token-issuer.js';
import { memberPath } from './member.streams.js';
import { membersOnly } from './members.errors.js';

/** The `websockets` of replies about members: the token for the caller's own room, where changes will be told. */
@Injectable()
export class InboxTickets {
  constructor(private readonly issuer: RoomTokenIssuer) {}

  async forReply(identity: Identity, wanted: boolean): Promise<{ websockets?: RoomTicket[] }> {
    if (!wanted) return {};
    if (identity.memberId === null) throw membersOnly();
    return { websockets: await this.issuer.ticketsFor(identity, [memberPath(identity.memberId)]) };
  }
}
