import { Injectable } from '@nestjs/common';
import { In } from 'typeorm';
import type { Identity } from '../../auth/identity.js';
import { Transactions } from '../../database/transactions.js';
import { EventLog } from '../../events/event-log.js';
import { memberStream } from '../members/index.js';
import { ChatRoomParticipant } from './chat-room-participant.entity.js';
import { ChatRoomConversation, type RoomListQuery } from './chat-room.conversation.js';
import type { ChatRoomView } from './chat-room.view.js';
import { ChatRoomViews } from './chat-room.views.js';
import { chatRoomMembersOnly } from './chat-rooms.errors.js';
import { toRoomListCursor } from './room-list.cursor.js';

export interface RoomListPage {
  records: ChatRoomView[];
  has_next_page: boolean;
  next_cursor: string | null;
  /** Where the member's own stream stood: rooms that appear or vanish later are told there. */
  position: number;
  epoch: string;
}

/** Lists the rooms that somebody is in: what they have pinned, then the one with the latest message first. */
@Injectable()
export class RoomListService {
  constructor(
    private readonly transactions: Transactions,
    private readonly conversation: ChatRoomConversation,
    private readonly views: ChatRoomViews,
    private readonly log: EventLog,
  ) {}

  async page(
    { memberId, workspaceId }: Identity,
    { limit, ...wanted }: Pick<RoomListQuery, 'limit' | 'after' | 'embedded' | 'archived'>,
  ): Promise<RoomListPage> {
    if (memberId === null) throw chatRoomMembersOnly();
    return this.transactions.snapshot(async (manager) => {
      const found = await this.conversation.latestFirst(manager, {
        ...wanted,
        memberId,
        workspaceId,
        limit: limit + 1,
      });
      const places = found.slice(0, limit);
      const rows = await manager.find(ChatRoomParticipant, {
        where: { id: In(places.map(({ participantId }) => participantId)) },
        relations: { chatRoom: true },
      });
      const byId = new Map(rows.map((participant) => [participant.id, participant]));
      const records = await this.views.load(
        manager,
        places.map(({ participantId }) => byId.get(participantId)!),
      );
      const { seq: position, epoch } = await this.log.head(memberStream(memberId), manager);
      const last = found.length > limit ? places.at(-1) : undefined;
      return {
        records,
        has_next_page: last !== undefined,
        next_cursor: last ? toRoomListCursor(last) : null,
        position,
        epoch,
      };
    });
  }
}
