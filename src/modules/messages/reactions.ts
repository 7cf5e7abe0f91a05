import type { EntityManager } from 'typeorm';
import type { MessageView } from './message.view.js';
import { Reaction } from './reaction.entity.js';
import type { MessageWithReactions, ReactionsView, ReactionView } from './reaction.view.js';

/** How many of those who reacted alike are named. */
const NAMED = 100;

const GROUPS = `
  WITH placed AS (
    SELECT reaction.id, reaction.chat_room_message_id AS message_id, reaction.emoji, participant.member_id,
           count(*) OVER alike AS count, min(reaction.id) OVER alike AS first_id,
           row_number() OVER (PARTITION BY reaction.chat_room_message_id, reaction.emoji
                              ORDER BY participant.member_id = $2 DESC, reaction.id) AS place
    FROM chat_room_message_reactions reaction
    JOIN chat_room_participants participant ON participant.id = reaction.chat_room_participant_id
    WHERE reaction.chat_room_message_id = ANY($1)
    WINDOW alike AS (PARTITION BY reaction.chat_room_message_id, reaction.emoji)
  )
  SELECT message_id, emoji, count, array_agg(member_id ORDER BY id) AS member_ids
  FROM placed WHERE place <= $3
  GROUP BY message_id, emoji, count, first_id ORDER BY message_id, first_id`;

interface GroupRow {
  message_id: string;
  emoji: string;
  count: string;
  member_ids: string[];
}

/** The messages with their reactions, for one reader: one query for all of them. */
export async function withReactions(
  manager: EntityManager,
  messages: MessageView[],
  memberId: number | null,
): Promise<MessageWithReactions[]> {
  if (messages.length === 0) return [];
  const rows = await manager.query<GroupRow[]>(GROUPS, [messages.map(({ id }) => id), memberId, NAMED]);
  const byMessage = new Map<number, ReactionsView>();
  for (const { message_id, emoji, count, member_ids } of rows) {
    const reactions = byMessage.get(Number(message_id)) ?? [];
    reactions.push({ emoji, count: Number(count), community_member_ids: member_ids.map(Number) });
    byMessage.set(Number(message_id), reactions);
  }
  return messages.map((message) => ({ ...message, reactions: byMessage.get(message.id) ?? [] }));
}

/** Needs the participant. The caller holds the message. */
export async function reactionView(
  manager: EntityManager,
  { chatRoomMessageId, emoji, participant }: Pick<Reaction, 'chatRoomMessageId' | 'emoji' | 'participant'>,
): Promise<ReactionView> {
  const count = await manager.countBy(Reaction, { chatRoomMessageId, emoji });
  return { chat_room_message_id: chatRoomMessageId, emoji, community_member_id: participant.memberId, count };
}
