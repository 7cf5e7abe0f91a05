import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { EventDraft } from '../../events/domain-event.js';
import { type Change, RealtimeSubscriber } from '../../events/realtime.subscriber.js';
import { ChatRoomParticipant, chatRoomStreams } from '../chat-rooms/index.js';
import { Reaction } from './reaction.entity.js';
import { reactionsPath } from './reaction.view.js';
import { reactionView } from './reactions.js';

/** Turns reactions into events of the room's stream. The writer holds the message, so the count is right. */
@Injectable()
export class ReactionSubscriber extends RealtimeSubscriber<Reaction> {
  readonly entity = Reaction;

  async describe({ action, entity: reaction }: Change<Reaction>, manager: EntityManager): Promise<EventDraft> {
    reaction.participant ??= await manager.findOneOrFail(ChatRoomParticipant, {
      where: { id: reaction.chatRoomParticipantId },
      relations: { chatRoom: true },
    });
    const { uuid } = reaction.participant.chatRoom;
    return {
      stream: chatRoomStreams.room(uuid),
      action,
      type: 'reaction',
      path: reactionsPath(uuid, reaction.chatRoomMessageId),
      resource: await reactionView(manager, reaction),
      keepsRules: true,
    };
  }
}
