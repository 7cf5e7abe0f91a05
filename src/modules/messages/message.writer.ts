import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { arrayLiteral, jsonList, jsonRows } from '../../database/array-literal.js';
import type { Parameter } from '../../database/lone-statement.js';
import { queryPrepared } from '../../database/query-prepared.js';
import type { AppendOptions } from '../../events/append-statement.js';
import { EventLog } from '../../events/event-log.js';
import type { Appended } from '../../events/event-writer.js';
import { WriteGuard } from '../../events/write-guard.js';
import { concernsSomebody } from './mentions.js';
import { Message } from './message.entity.js';
import { MessageListeners } from './message.listeners.js';
import { messageDraft } from './message.subscriber.js';
import { type MessageView, messagesPath, toMessageView } from './message.view.js';
import { membersOf } from './message.threads.js';
import { MessageViews } from './message.views.js';

/** All in one statement, numbered in the order they come. The ids are drawn by position, so each message gets its own. */
const INSERT = `
  WITH wanted AS MATERIALIZED (
    SELECT nextval(pg_get_serial_sequence('chat_room_messages', 'id')) AS id, given.*
    FROM ROWS FROM (
      unnest($2::bigint[], $3::text[], $4::text[], $6::timestamptz[], $7::bigint[], $8::bigint[]), ${jsonRows('$5')}
    ) WITH ORDINALITY
      AS given (participant_id, creation_uuid, body, sent_at, parent_id, thread_id, rich_text_body, place)
    ORDER BY place
  ), written AS (
    INSERT INTO chat_room_messages (id, chat_room_id, chat_room_participant_id, creation_uuid, body, rich_text_body,
                                    parent_message_id, chat_thread_id, sent_at)
    SELECT id, $1, participant_id, creation_uuid, body, rich_text_body::json, parent_id, thread_id, sent_at FROM wanted
  )
  SELECT id FROM wanted ORDER BY place`;

const BESIDE = `
  INSERT INTO chat_room_messages (id, chat_room_id, chat_room_participant_id, creation_uuid, body, rich_text_body, sent_at)`;

/** New roots beside their events. Reading them from what the events say would take longer than writing them. */
const INSERT_BESIDE = `${BESIDE}
  SELECT numbered.id, said.room_id, said.participant_id, said.creation_uuid, said.body, said.rich_text_body::json, said.sent_at
  FROM numbered
  JOIN ROWS FROM (
    unnest(?::bigint[], ?::bigint[], ?::text[], ?::text[]), ${jsonRows('?')}, unnest(?::timestamptz[])
  ) WITH ORDINALITY AS said (room_id, participant_id, creation_uuid, body, rich_text_body, sent_at, place) USING (place)`;

/** One of them. */
const INSERT_ONE_BESIDE = `${BESIDE}
  SELECT id, ?::bigint, ?::bigint, ?::text, ?::text, ?::json, ?::timestamptz FROM numbered`;

/**
 * Writes new messages and what they tell. By hand instead of by `save`, because everybody in a room waits for it: one
 * statement for the rows, and one event for each.
 */
@Injectable()
export class MessageWriter {
  constructor(
    private readonly views: MessageViews,
    private readonly log: EventLog,
    private readonly guard: WriteGuard,
    private readonly listeners: MessageListeners,
  ) {}

  /** Gives the messages of one room their ids, and their views; those whom they concern are told of by the listeners. */
  async write(manager: EntityManager, messages: Message[]): Promise<Map<Message, MessageView>> {
    const views = new Map<Message, MessageView>();
    if (messages.length === 0) return views;
    await this.views.complete(manager, messages);
    this.guard.permit(manager, Message);
    await insert(manager, messages);
    for (const message of messages) views.set(message, await this.views.loadNew(manager, message));
    const addressed = messages.filter(concernsSomebody);
    const threads = addressed.length > 0 ? await this.listeners.sent(manager, addressed) : null;
    const drafts = [...views].map(([message, view]) => ({
      ...messageDraft('created', message, view),
      concerns: message.parentMessageId === null ? undefined : membersOf(threads?.get(message.parentMessageId)),
    }));
    this.log.append(manager, drafts);
    return views;
  }

  /**
   * Writes new roots that concern nobody in particular, in one statement that is a transaction by itself; gives their
   * events. Rooms and senders are loaded already. Null for those that were not written, because `options` did not hold.
   */
  writeAlone(messages: Message[], options: AppendOptions): Promise<Appended[]> {
    const drafts = messages.map((message) => {
      const resource = toMessageView(message, null);
      return messageDraft('created', message, resource, messagesPath(message.chatRoom.uuid));
    });
    const single = messages.length === 1 && !options.withoutWaiting;
    const rows = {
      nextId: `nextval('chat_room_messages_id_seq')`,
      insert: single ? INSERT_ONE_BESIDE : INSERT_BESIDE,
      parameters: single ? columnsOf(messages[0]!) : arraysOf(messages),
    };
    return this.log.appendAlone(drafts, { ...options, rows });
  }
}

async function insert(manager: EntityManager, messages: Message[]): Promise<void> {
  const [, ...arrays] = arraysOf(messages);
  const rows = await queryPrepared<{ id: string }>(manager, INSERT, [
    messages[0]!.chatRoomId,
    ...arrays,
    arrayLiteral(messages.map(({ parentMessageId }) => parentMessageId)),
    arrayLiteral(messages.map(({ chatThreadId }) => chatThreadId)),
  ]);
  messages.forEach((message, index) => (message.id = Number(rows[index]!.id)));
}

/** What a message says, as the columns of its row: room, participant, creation_uuid, body, rich_text_body, sent_at. */
function columnsOf(message: Message): Parameter[] {
  return [
    message.chatRoomId,
    message.chatRoomParticipantId,
    message.creationUuid,
    message.body,
    JSON.stringify(message.richTextBody),
    message.sentAt.toISOString(),
  ];
}

/** The same, as an array for each column. */
function arraysOf(messages: Message[]): Parameter[] {
  return [
    arrayLiteral(messages.map(({ chatRoomId }) => chatRoomId)),
    arrayLiteral(messages.map(({ chatRoomParticipantId }) => chatRoomParticipantId)),
    arrayLiteral(messages.map(({ creationUuid }) => creationUuid)),
    arrayLiteral(messages.map(({ body }) => body)),
    jsonList(messages.map(({ richTextBody }) => richTextBody)),
    arrayLiteral(messages.map(({ sentAt }) => sentAt.toISOString())),
  ];
}
