import { Injectable } from '@nestjs/common';
import { type EntityManager, In } from 'typeorm';
import {
  ChatRoomConversation,
  ChatRoomParticipant,
  ChatRoomPeople,
  type CurrentParticipantView,
  toCurrentParticipantView,
  toSharedChatRoomView,
} from '../chat-rooms/index.js';
import { Message } from './message.entity.js';
import { MessageViews } from './message.views.js';
import type { MessageWithReactions } from './reaction.view.js';
import { withReactions } from './reactions.js';

/** How many replies are shown with a thread. */
const LAST_REPLIES = 3;

/** The newest living replies under each root. */
const LAST = `
  SELECT last.id FROM unnest($1::bigint[]) AS root (id)
  CROSS JOIN LATERAL (
    SELECT reply.id FROM chat_room_messages reply
    WHERE reply.parent_message_id = root.id AND reply.deleted_at IS NULL ORDER BY reply.id DESC LIMIT $2
  ) AS last`;

/** A thread, and the participant of its room who looks at it. */
export interface SeenThread {
  id: number;
  rootId: number;
  participantId: number;
  unreadCount: number;
}

export interface ThreadView {
  id: number;
  parent_message: MessageWithReactions;
  replies: MessageWithReactions[];
  chat_room: ReturnType<typeof roomOf>;
  current_participant: CurrentParticipantView;
  unread_replies_count: number;
  last_reply_at: string | null;
}

/** Makes views of threads: any number of them in a constant number of queries. */
@Injectable()
export class ThreadViews {
  constructor(
    private readonly messages: MessageViews,
    private readonly people: ChatRoomPeople,
    private readonly conversation: ChatRoomConversation,
  ) {}

  /** One view for each thread, in order, for one member. Their roots are there, and visible to the participants. */
  async load(manager: EntityManager, memberId: number, threads: SeenThread[]): Promise<ThreadView[]> {
    if (threads.length === 0) return [];
    const rootIds = threads.map(({ rootId }) => rootId);
    const last = await manager.query<{ id: string }[]>(LAST, [rootIds, LAST_REPLIES]);
    const shown = await manager.find(Message, {
      where: { id: In([...rootIds, ...last.map(({ id }) => Number(id))]) },
      order: { id: 'ASC' },
    });
    const views = await withReactions(manager, await this.messages.load(manager, shown), memberId);
    const viewers = await this.viewers(manager, [...new Set(threads.map(({ participantId }) => participantId))]);
    return threads.map(({ id, rootId, participantId, unreadCount }) => {
      const replies = views.filter(({ parent_message_id }) => parent_message_id === rootId);
      return {
        id,
        parent_message: views.find((view) => view.id === rootId)!,
        replies,
        ...viewers.get(participantId)!,
        unread_replies_count: unreadCount,
        last_reply_at: replies.at(-1)?.sent_at ?? null,
      };
    });
  }

  /** The rooms with those who look at them, by participant. */
  private async viewers(manager: EntityManager, ids: number[]) {
    const found = await manager.find(ChatRoomParticipant, { where: { id: In(ids) }, relations: { chatRoom: true } });
    await this.people.fill(manager, found);
    const activity = await this.conversation.activity(manager, found);
    return new Map(
      found.map((participant) => {
        const current_participant = toCurrentParticipantView(participant, activity.get(participant.id)!);
        return [participant.id, { chat_room: roomOf(participant), current_participant }];
      }),
    );
  }
}

function roomOf({ chatRoom }: ChatRoomParticipant) {
  const { uuid, kind, name, is_embedded, parent_type, parent_id, lesson_id } = toSharedChatRoomView(chatRoom);
  return { uuid, kind, name, is_embedded, parent_type, parent_id, lesson_id };
}
