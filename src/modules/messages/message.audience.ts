import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { mentionedIn } from './mentions.js';
import type { Message } from './message.entity.js';
import { MessageThreads, type ThreadParticipant } from './message.threads.js';

/** Somebody in the room whom a message concerns more than the others. Never its author. */
export type Addressee = Pick<ThreadParticipant, 'memberId' | 'muted'>;

export interface AddressedMessage {
  /** With its room. */
  message: Message;
  /** Whom it mentions; of an edited message those whom it did not mention before. */
  mentioned: Addressee[];
  /** Of a new reply: the others who wrote or were mentioned in the thread. */
  thread: Addressee[];
}

interface AddresseeRow {
  message_id: string;
  member_id: string;
  muted: boolean;
}

/** Notes who is mentioned and gives those of whom it was not known. A message that somebody cannot see does not mention them. */
const MENTION = `
  WITH noted AS (
    INSERT INTO chat_room_message_mentions (chat_room_message_id, chat_room_participant_id)
    SELECT message.id, participant.id
    FROM unnest($1::bigint[], $2::bigint[]) AS wanted (message_id, member_id)
    JOIN chat_room_messages message ON message.id = wanted.message_id
    JOIN chat_rooms room ON room.id = message.chat_room_id
    JOIN chat_room_participants participant ON participant.chat_room_id = room.id AND participant.deleted_at IS NULL
      AND participant.member_id = wanted.member_id
    WHERE participant.id <> message.chat_room_participant_id
      AND (room.show_history OR message.id > participant.history_after_message_id)
    ON CONFLICT DO NOTHING
    RETURNING chat_room_message_id AS message_id, chat_room_participant_id AS participant_id
  )
  SELECT message_id, member_id, muted FROM noted JOIN chat_room_participants ON id = participant_id
  ORDER BY message_id, member_id`;

const FORGET = `
  DELETE FROM chat_room_message_mentions mention USING chat_room_participants participant
  WHERE participant.id = mention.chat_room_participant_id AND mention.chat_room_message_id = $1
    AND participant.member_id <> ALL ($2::bigint[])`;

/** Finds out whom messages concern: those whom they mention, and those who take part in their thread. */
@Injectable()
export class MessageAudience {
  constructor(private readonly threads: MessageThreads) {}

  /** Of messages that have just been written; and everybody in the threads of the replies among them, by root. */
  async ofNew(
    manager: EntityManager,
    messages: Message[],
  ): Promise<{ addressed: AddressedMessage[]; threads: Map<number, ThreadParticipant[]> }> {
    const mentioned = await this.mention(manager, messages);
    const roots = messages.map(({ parentMessageId }) => parentMessageId).filter((id) => id !== null);
    const threads = roots.length === 0 ? new Map<number, never>() : await this.joined(manager, roots);
    const addressed = messages.map((message) => {
      const named = mentioned.get(message.id) ?? [];
      const spared = new Set([...named.map(({ memberId }) => memberId), message.participant.memberId]);
      const others = message.parentMessageId === null ? [] : (threads.get(message.parentMessageId) ?? []);
      return { message, mentioned: named, thread: others.filter(({ memberId }) => !spared.has(memberId)) };
    });
    return { addressed, threads };
  }

  /** Of a message that now says something else. */
  async ofEdited(manager: EntityManager, message: Message): Promise<AddressedMessage> {
    await manager.query(FORGET, [message.id, mentionedIn(message.richTextBody)]);
    const mentioned = await this.mention(manager, [message]);
    await this.threads.refresh(manager, [message.parentMessageId ?? message.id]);
    return { message, mentioned: mentioned.get(message.id) ?? [], thread: [] };
  }

  /** Who takes part in these threads, now that more has been said there. */
  private async joined(manager: EntityManager, roots: number[]): Promise<Map<number, ThreadParticipant[]>> {
    await this.threads.refresh(manager, roots);
    return this.threads.participants(manager, roots);
  }

  private async mention(manager: EntityManager, messages: Message[]): Promise<Map<number, Addressee[]>> {
    const wanted = messages.flatMap(({ id, richTextBody }) =>
      mentionedIn(richTextBody).map((memberId) => ({ id, memberId })),
    );
    if (wanted.length === 0) return NOBODY;
    const parameters = [wanted.map(({ id }) => id), wanted.map(({ memberId }) => memberId)];
    return grouped(await manager.query<AddresseeRow[]>(MENTION, parameters));
  }
}

const NOBODY: Map<number, Addressee[]> = new Map();

function grouped(rows: AddresseeRow[]): Map<number, Addressee[]> {
  const byMessage = new Map<number, Addressee[]>();
  for (const { message_id, member_id, muted } of rows) {
    const others = byMessage.get(Number(message_id)) ?? [];
    byMessage.set(Number(message_id), [...others, { memberId: Number(member_id), muted }]);
  }
  return byMessage;
}
