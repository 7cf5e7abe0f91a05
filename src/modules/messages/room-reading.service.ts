import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Identity } from '../../auth/identity.js';
import { Clock } from '../../common/clock.js';
import { Transactions } from '../../database/transactions.js';
import { EventLog } from '../../events/event-log.js';
import {
  chatRoomMembersOnly,
  type ChatRoomParticipant,
  ChatRoomParticipants,
  visibleAfter,
} from '../chat-rooms/index.js';
import { readPositionOf } from './reading.sql.js';
import { roomReadDraft, type RoomReadView } from './reading.view.js';
import { unreadRooms } from './room-list.query.js';
import { ThreadMarks } from './thread-marks.js';

/** Up to the newest living root that the participant sees. A mark never moves back. */
const MARK = `
  INSERT INTO chat_room_read_marks AS mark (chat_room_participant_id, last_read_message_id, last_read_at)
  SELECT $1::bigint, m.id, $4::timestamptz FROM chat_room_messages m
  WHERE m.chat_room_id = $2 AND m.id > $3 AND m.deleted_at IS NULL AND m.parent_message_id IS NULL
  ORDER BY m.id DESC LIMIT 1
  ON CONFLICT (chat_room_participant_id)
  DO UPDATE SET last_read_message_id = EXCLUDED.last_read_message_id, last_read_at = EXCLUDED.last_read_at
  WHERE mark.last_read_message_id < EXCLUDED.last_read_message_id`;

const POSITION = readPositionOf('$1');

/** Says which rooms somebody has not read, and marks them as read: for all devices of that member, and nobody else. */
@Injectable()
export class RoomReading {
  constructor(
    private readonly transactions: Transactions,
    private readonly participants: ChatRoomParticipants,
    private readonly threads: ThreadMarks,
    private readonly log: EventLog,
    private readonly clock: Clock,
  ) {}

  unread({ memberId, workspaceId }: Identity): Promise<string[]> {
    if (memberId === null) throw chatRoomMembersOnly();
    return this.transactions.snapshot((manager) => unreadRooms(manager, memberId, workspaceId));
  }

  /** With all its threads. Told even if nothing was unread, so that every device agrees. */
  markAllAsRead(identity: Identity, uuid: string): Promise<RoomReadView> {
    return this.transactions.run(async (manager) => {
      const reader = await this.participants.requireForOneself(manager, identity, uuid);
      const now = this.clock.now();
      await manager.query(MARK, [reader.id, reader.chatRoomId, visibleAfter(reader), now]);
      const view = await viewOf(manager, reader);
      this.log.append(manager, [roomReadDraft(reader, view)]);
      const { memberId, id: participantId } = reader;
      await this.threads.markUnread(manager, { memberId, workspaceId: identity.workspaceId, participantId }, now);
      return view;
    });
  }
}

async function viewOf(manager: EntityManager, { id, chatRoom }: ChatRoomParticipant): Promise<RoomReadView> {
  const [position] = await manager.query<{ message_id: string; at: Date }[]>(POSITION, [id]);
  return {
    chat_room_id: chatRoom.id,
    chat_room_uuid: chatRoom.uuid,
    last_read_message_id: position ? Number(position.message_id) : null,
    last_read_at: position?.at.toISOString() ?? null,
    unread_messages_count: 0,
  };
}
