import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { ChatRoomPeople, PREVIEW_SIZE } from '../chat-rooms/index.js';
import type { Message } from './message.entity.js';
import type { ThreadSummary } from './message.view.js';

/** Somebody in the room who wrote or was mentioned in a thread. */
export interface ThreadParticipant {
  participantId: number;
  memberId: number;
  /** They want no notifications from this room. */
  muted: boolean;
}

interface ParticipantRow {
  root_id: string;
  participant_id: string;
  member_id: string;
  muted: boolean;
}

interface WriterRow {
  thread_id: string;
  root_id: string;
  participant_id: string;
  participants_count: string;
  replies_count: string;
}

/** Everybody who wrote in each thread, the author of its root first. Counted, never stored: a stored counter drifts. */
const WRITERS = `
  WITH written AS (
    SELECT m.id AS root_id, m.id, m.chat_room_participant_id, 0 AS reply
    FROM chat_room_messages m
    WHERE m.id = ANY($1) AND m.deleted_at IS NULL
    UNION ALL
    SELECT m.parent_message_id, m.id, m.chat_room_participant_id, 1
    FROM chat_room_messages m
    WHERE m.parent_message_id = ANY($1) AND m.deleted_at IS NULL
  ), writers AS (
    SELECT thread.id AS thread_id, root_id, chat_room_participant_id AS participant_id,
           row_number() OVER each_thread AS place,
           count(*) OVER (PARTITION BY root_id) AS participants_count,
           sum(sum(reply)) OVER (PARTITION BY root_id) AS replies_count
    FROM written
    JOIN chat_threads thread ON thread.parent_message_id = root_id
    GROUP BY thread.id, root_id, chat_room_participant_id
    WINDOW each_thread AS (PARTITION BY root_id ORDER BY min(written.id))
  )
  SELECT thread_id, root_id, participant_id, participants_count, replies_count
  FROM writers WHERE place <= $2 ORDER BY root_id, place`;

/** Everybody in the room who wrote or was mentioned in each thread. What this transaction deletes still counts. */
const PARTICIPANTS = `
  WITH said AS (
    SELECT COALESCE(m.parent_message_id, m.id) AS root_id, m.id, m.chat_room_participant_id AS participant_id
    FROM chat_room_messages m
    WHERE (m.id = ANY($1) OR m.parent_message_id = ANY($1))
      AND (m.deleted_at IS NULL OR m.deleted_at = now()::timestamptz(3))
  ), concerned AS (
    SELECT root_id, participant_id FROM said
    UNION
    SELECT root_id, mention.chat_room_participant_id
    FROM said JOIN chat_room_message_mentions mention ON mention.chat_room_message_id = said.id
  )
  SELECT root_id, participant.id AS participant_id, participant.member_id, participant.muted
  FROM concerned
  JOIN chat_threads thread ON thread.parent_message_id = root_id
  JOIN chat_room_participants participant ON participant.id = participant_id AND participant.deleted_at IS NULL
  ORDER BY root_id, participant.member_id`;

const FIND_OR_MAKE = `
  WITH present AS (
    SELECT id FROM chat_threads WHERE parent_message_id = $2
  ), made AS (
    INSERT INTO chat_threads (chat_room_id, parent_message_id)
    SELECT $1, $2 WHERE NOT EXISTS (SELECT FROM present)
    RETURNING id
  )
  SELECT id FROM present UNION ALL SELECT id FROM made`;

/** Begins threads, and sums them up for the views. */
@Injectable()
export class MessageThreads {
  constructor(private readonly people: ChatRoomPeople) {}

  /** The thread under a root, made when there is none yet. The caller holds the root, so nobody else makes it. */
  async under(manager: EntityManager, { id, chatRoomId }: Message): Promise<number> {
    const [thread] = await manager.query<{ id: string }[]>(FIND_OR_MAKE, [chatRoomId, id]);
    return Number(thread!.id);
  }

  /** Notes who takes part in these threads, and which reply is the last, after any of that may have changed. */
  async refresh(manager: EntityManager, rootIds: number[]): Promise<void> {
    await manager.query('SELECT refresh_chat_threads($1)', [[...new Set(rootIds)]]);
  }

  /** Who takes part in each thread, by root; roots without a thread are absent. */
  async participants(manager: EntityManager, rootIds: number[]): Promise<Map<number, ThreadParticipant[]>> {
    const rows: ParticipantRow[] = await manager.query(PARTICIPANTS, [[...new Set(rootIds)]]);
    const byRoot = new Map<number, ThreadParticipant[]>();
    for (const { root_id, participant_id, member_id, muted } of rows) {
      const others = byRoot.get(Number(root_id));
      const one = { participantId: Number(participant_id), memberId: Number(member_id), muted };
      if (others) others.push(one);
      else byRoot.set(Number(root_id), [one]);
    }
    return byRoot;
  }

  /** By root; roots without a thread are absent. */
  async summaries(manager: EntityManager, rootIds: number[]): Promise<Map<number, ThreadSummary>> {
    const rows: WriterRow[] = await manager.query(WRITERS, [[...new Set(rootIds)], PREVIEW_SIZE]);
    const people = await this.people.find(manager, [...new Set(rows.map((row) => Number(row.participant_id)))]);
    const summaries = new Map<number, ThreadSummary>();
    for (const row of rows) {
      const rootId = Number(row.root_id);
      const summary = summaries.get(rootId) ?? {
        id: Number(row.thread_id),
        repliesCount: Number(row.replies_count),
        participantsCount: Number(row.participants_count),
        preview: [],
      };
      summary.preview.push(people.get(Number(row.participant_id))!);
      summaries.set(rootId, summary);
    }
    return summaries;
  }
}

export function membersOf(participants: ThreadParticipant[] | undefined): number[] | undefined {
  return participants?.map(({ memberId }) => memberId);
}
