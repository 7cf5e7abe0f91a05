import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Identity } from '../../auth/identity.js';
import { Transactions } from '../../database/transactions.js';
import { ChatRoomParticipants } from '../chat-rooms/index.js';
import { holdMessage } from './message.lookup.js';
import { messageNotFound, tooManyReactions } from './messages.errors.js';
import { Reaction } from './reaction.entity.js';
import type { ReactionView } from './reaction.view.js';
import { reactionView } from './reactions.js';

/** Different emoji under one message: more than anybody reads. */
const MAXIMUM_EMOJI = 20;

const OTHERS = `
  SELECT count(DISTINCT emoji) AS count FROM chat_room_message_reactions
  WHERE chat_room_message_id = $1 AND emoji <> $2`;

/** What somebody says to a message without words. */
export interface ReactionWish {
  uuid: string;
  messageId: number;
  emoji: string;
}

/** Adds reactions to messages and takes them back: each member has each emoji once. */
@Injectable()
export class ReactionsService {
  constructor(
    private readonly transactions: Transactions,
    private readonly participants: ChatRoomParticipants,
  ) {}

  /** `created` is false for what they had said already. */
  react(identity: Identity, wanted: ReactionWish): Promise<{ reaction: ReactionView; created: boolean }> {
    return this.holding(identity, wanted, async (manager, reaction, present) => {
      if (!present) {
        const [others] = await manager.query<{ count: string }[]>(OTHERS, [wanted.messageId, wanted.emoji]);
        if (Number(others!.count) >= MAXIMUM_EMOJI) throw tooManyReactions(MAXIMUM_EMOJI);
        await manager.save(reaction);
      }
      return { reaction: await reactionView(manager, reaction), created: !present };
    });
  }

  /** What was never said is no error. */
  takeBack(identity: Identity, wanted: ReactionWish): Promise<ReactionView> {
    return this.holding(identity, wanted, async (manager, reaction, present) => {
      if (present) await manager.remove(present);
      return reactionView(manager, reaction);
    });
  }

  /** `present`: the same reaction, if it is there. Nobody else reacts to the message until the transaction ends. */
  private holding<T>(
    identity: Identity,
    { uuid, messageId, emoji }: ReactionWish,
    work: (manager: EntityManager, reaction: Reaction, present: Reaction | null) => Promise<T>,
  ): Promise<T> {
    return this.transactions.run(async (manager) => {
      const participant = await this.participants.requireForSending(manager, identity, uuid);
      const message = await holdMessage(manager, participant, messageId);
      if (!message) throw messageNotFound();
      const same = { chatRoomMessageId: messageId, chatRoomParticipantId: participant.id, emoji };
      const present = await manager.findOneBy(Reaction, same);
      return work(manager, manager.create(Reaction, { ...same, participant }), present);
    });
  }
}
