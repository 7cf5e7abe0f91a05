import { Injectable } from '@nestjs/common';
import { type EntityManager, In } from 'typeorm';
import type { Identity } from '../../auth/identity.js';
import {
  type ChatRoom,
  type ChatRoomActivity,
  ChatRoomConversation,
  type ChatRoomParticipant,
  type MessageWords,
  type RoomListPlace,
  type RoomListQuery,
  visibleAfter,
} from '../chat-rooms/index.js';
import { Message } from './message.entity.js';
import { MessageListeners } from './message.listeners.js';
import { holdMessage } from './message.lookup.js';
import { MessageSending } from './message.sending.js';
import { type MessageView, toLastMessageView } from './message.view.js';
import { MessageViews } from './message.views.js';
import { hasRootAfter, readPositionOf } from './reading.sql.js';
import { latestRooms } from './room-list.query.js';

interface ActivityRow {
  participant_id: string;
  last_read_message_id: string | null;
  last_read_at: Date | null;
  unread: string;
  first_unread_id: string | null;
  last_message_id: string | null;
  archived: boolean;
}

/** What is unread follows from how far somebody has read. Nothing is counted when a message is sent, so nothing can drift. */
const ACTIVITY = `
  SELECT viewer.participant_id, read.message_id AS last_read_message_id, read.at AS last_read_at,
         unread.count AS unread, unread.first_id AS first_unread_id, last.id AS last_message_id,
         viewer.archived_after IS NOT NULL
           AND NOT ${hasRootAfter('viewer.chat_room_id', 'viewer.archived_after')} AS archived
  FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[])
       AS viewer (participant_id, chat_room_id, visible_after, archived_after)
  LEFT JOIN LATERAL (${readPositionOf('viewer.participant_id')}) AS read ON true
  CROSS JOIN LATERAL (
    SELECT count(*) AS count, min(m.id) AS first_id FROM chat_room_messages m
    WHERE m.chat_room_id = viewer.chat_room_id AND m.id > GREATEST(read.message_id, viewer.visible_after)
      AND m.deleted_at IS NULL AND m.parent_message_id IS NULL
  ) AS unread
  LEFT JOIN LATERAL (
    SELECT m.id FROM chat_room_messages m
    WHERE m.chat_room_id = viewer.chat_room_id AND m.id > viewer.visible_after
      AND m.deleted_at IS NULL AND m.parent_message_id IS NULL
    ORDER BY m.id DESC LIMIT 1
  ) AS last ON true`;

/** Answers what rooms ask about their messages. Only roots make a room unread or its latest message. */
@Injectable()
export class MessageConversation extends ChatRoomConversation {
  constructor(
    private readonly sending: MessageSending,
    private readonly views: MessageViews,
    private readonly listeners: MessageListeners,
  ) {
    super();
  }

  async newestMessageId(manager: EntityManager, chatRoomId: number): Promise<number> {
    // Deleted ones count: the log still knows what they said, and who joins later must not read it there.
    const newest = `SELECT max(id) AS id FROM chat_room_messages WHERE chat_room_id = $1`;
    const [row] = await manager.query<{ id: string | null }[]>(newest, [chatRoomId]);
    return numberOf(row!.id) ?? 0;
  }

  async holdForPin(manager: EntityManager, participant: ChatRoomParticipant, messageId: number): Promise<boolean> {
    return (await holdMessage(manager, participant, messageId)) !== null;
  }

  async show(manager: EntityManager, messageId: number): Promise<MessageView | null> {
    return (await this.shown(manager, [messageId])).get(messageId) ?? null;
  }

  async activity(manager: EntityManager, participants: ChatRoomParticipant[]): Promise<Map<number, ChatRoomActivity>> {
    const rows = await manager.query<ActivityRow[]>(ACTIVITY, [
      participants.map(({ id }) => id),
      participants.map(({ chatRoomId }) => chatRoomId),
      participants.map(visibleAfter),
      participants.map(({ archived, archivedAfterMessageId }) => (archived ? archivedAfterMessageId : null)),
    ]);
    const byParticipant = new Map(rows.map((row) => [Number(row.participant_id), row]));
    const pinned = new Map(participants.map((participant) => [participant.id, visiblePin(participant)]));
    const shown = await this.shown(manager, [...rows.map((row) => numberOf(row.last_message_id)), ...pinned.values()]);
    return new Map(
      participants.map(({ id }) => {
        const row = byParticipant.get(id)!;
        const last = shown.get(numberOf(row.last_message_id) ?? 0);
        return [
          id,
          {
            last_read_message_id: numberOf(row.last_read_message_id),
            last_read_at: row.last_read_at?.toISOString() ?? null,
            archived: row.archived,
            unread_messages_count: Number(row.unread),
            first_unread_message_id: numberOf(row.first_unread_id),
            last_message: last ? toLastMessageView(last) : null,
            pinned_message: shown.get(pinned.get(id) ?? 0) ?? null,
          },
        ];
      }),
    );
  }

  latestFirst(manager: EntityManager, query: RoomListQuery): Promise<(RoomListPlace & { participantId: number })[]> {
    return latestRooms(manager, query);
  }

  async ended(manager: EntityManager, chatRoom: ChatRoom): Promise<void> {
    await this.listeners.ended(manager, chatRoom);
  }

  async say(identity: Identity, uuid: string, words: MessageWords): Promise<void> {
    await this.sending.send(identity, uuid, words);
  }

  private async shown(manager: EntityManager, ids: (number | null)[]): Promise<Map<number, MessageView>> {
    const wanted = [...new Set(ids)].filter((id) => id !== null);
    if (wanted.length === 0) return new Map();
    const messages = await manager.findBy(Message, { id: In(wanted) });
    const views = await this.views.load(manager, messages);
    return new Map(views.map((view) => [view.id, view]));
  }
}

function visiblePin(participant: ChatRoomParticipant): number | null {
  const { pinnedMessageId } = participant.chatRoom;
  return pinnedMessageId !== null && pinnedMessageId > visibleAfter(participant) ? pinnedMessageId : null;
}

function numberOf(id: string | null): number | null {
  return id === null ? null : Number(id);
}
