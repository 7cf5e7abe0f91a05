import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { EventLog } from '../../events/event-log.js';
import { type ChatRoomParticipant } from '../chat-rooms/index.js';
import {
  OWN_UNREAD,
  type OwnThreadRow,
  type OwnThreadsQuery,
  ownThreadsParameters,
  toOwnThread,
} from './own-threads.query.js';
import { lastReplyOf, threadPositionOf } from './reading.sql.js';
import { threadReadDraft, type ThreadReadView } from './reading.view.js';

/** A mark never moves back. */
const FORWARD = `
  ON CONFLICT (chat_room_participant_id, chat_thread_id)
  DO UPDATE SET last_read_reply_id = EXCLUDED.last_read_reply_id, last_read_at = EXCLUDED.last_read_at
  WHERE mark.last_read_reply_id < EXCLUDED.last_read_reply_id`;

const MARK = `
  INSERT INTO chat_thread_read_marks AS mark (chat_room_participant_id, chat_thread_id, last_read_reply_id, last_read_at)
  SELECT $1::bigint, $2::bigint, last.id, $4::timestamptz FROM (${lastReplyOf('$3')}) AS last ${FORWARD}`;

/** For those who take part: how far they have read stands beside which reply is the last. */
const MOVE = `
  UPDATE chat_thread_participants SET read_reply_id = GREATEST(read_reply_id, $3)
  WHERE chat_room_participant_id = $1 AND chat_thread_id = $2`;

/** Whoever writes there at this moment is waited for: they may be about to make the reader one who takes part. */
const HOLD = `SELECT FROM chat_threads WHERE id = $1 FOR KEY SHARE`;

const POSITION = threadPositionOf('$1', '$2', '$3');

/** In the order of the threads, so that two devices cannot wait for each other in a circle. */
const MARK_UNREAD = `
  WITH own AS MATERIALIZED (${OWN_UNREAD}), marked AS (
    INSERT INTO chat_thread_read_marks AS mark (chat_room_participant_id, chat_thread_id, last_read_reply_id, last_read_at)
    SELECT participant_id, thread_id, last_reply_id, $5::timestamptz FROM own ORDER BY thread_id
    ${FORWARD}
    RETURNING chat_room_participant_id, chat_thread_id, last_read_reply_id
  ), moved AS (
    UPDATE chat_thread_participants known SET read_reply_id = GREATEST(known.read_reply_id, marked.last_read_reply_id)
    FROM marked
    WHERE known.chat_room_participant_id = marked.chat_room_participant_id
      AND known.chat_thread_id = marked.chat_thread_id
  )
  SELECT own.* FROM own JOIN marked ON chat_thread_id = thread_id ORDER BY thread_id`;

/** Moves the marks of one member in threads, and tells it in their own stream. */
@Injectable()
export class ThreadMarks {
  constructor(private readonly log: EventLog) {}

  /** One thread, whether they take part in it or not; told even if nothing was unread. The caller holds the reader. */
  async mark(
    manager: EntityManager,
    { id: participantId, memberId, chatRoom }: ChatRoomParticipant,
    { threadId, rootId, now }: { threadId: number; rootId: number; now: Date },
  ): Promise<ThreadReadView> {
    const place = [participantId, threadId, rootId];
    await manager.query(HOLD, [threadId]);
    await manager.query(MARK, [...place, now]);
    const [position] = await manager.query<{ reply_id: string; at: Date }[]>(POSITION, place);
    if (position) await manager.query(MOVE, [participantId, threadId, position.reply_id]);
    const view: ThreadReadView = {
      chat_thread_id: threadId,
      chat_room_uuid: chatRoom.uuid,
      parent_message_id: rootId,
      last_read_reply_id: position ? Number(position.reply_id) : null,
      last_read_at: position?.at.toISOString() ?? null,
    };
    this.log.append(manager, [threadReadDraft(memberId, view)]);
    return view;
  }

  /** All of these that have unread replies; one event for each. */
  async markUnread(manager: EntityManager, query: OwnThreadsQuery, now: Date): Promise<number[]> {
    const rows = await manager.query<OwnThreadRow[]>(MARK_UNREAD, [...ownThreadsParameters(query), now]);
    const marked = rows.map(toOwnThread);
    const drafts = marked.map(({ id, roomUuid, rootId, lastReplyId }) =>
      threadReadDraft(query.memberId, {
        chat_thread_id: id,
        chat_room_uuid: roomUuid,
        parent_message_id: rootId,
        last_read_reply_id: lastReplyId,
        last_read_at: now.toISOString(),
      }),
    );
    this.log.append(manager, drafts);
    return marked.map(({ id }) => id);
  }
}
