import { Injectable } from '@nestjs/common';
import type { EntityManager, SelectQueryBuilder } from 'typeorm';
import type { Identity } from '../../auth/identity.js';
import { Transactions } from '../../database/transactions.js';
import { EventLog } from '../../events/event-log.js';
import { type ChatRoomParticipant, ChatRoomParticipants, chatRoomStreams, visibleAfter } from '../chat-rooms/index.js';
import { Message } from './message.entity.js';
import { findMessage } from './message.lookup.js';
import { MessageViews } from './message.views.js';
import { messageNotFound } from './messages.errors.js';
import type { MessageWithReactions } from './reaction.view.js';
import { withReactions } from './reactions.js';

/** Which part of a room: the newest messages, or those next to a message in one direction. */
export interface MessageRange {
  limit: number;
  before?: number;
  after?: number;
  /** Only the replies of this root. */
  parent_message_id?: number;
}

export interface MessagePage {
  /** Oldest first. */
  records: MessageWithReactions[];
  has_previous_page: boolean;
  has_next_page: boolean;
  /** Where the room's stream stood when these were read: who joins from here misses nothing. */
  position: number;
  epoch: string;
}

/** Reads what was said in a room, always as of one moment. */
@Injectable()
export class MessageHistory {
  constructor(
    private readonly transactions: Transactions,
    private readonly participants: ChatRoomParticipants,
    private readonly views: MessageViews,
    private readonly log: EventLog,
  ) {}

  get(identity: Identity, uuid: string, id: number): Promise<MessageWithReactions> {
    return this.transactions.snapshot(async (manager) => {
      const reader = await this.participants.require(manager, identity, 'read', uuid);
      const message = await findMessage(manager, reader, id);
      if (!message) throw messageNotFound();
      const [view] = await withReactions(manager, [await this.views.loadOne(manager, message)], reader.memberId);
      return view!;
    });
  }

  page(identity: Identity, uuid: string, range: MessageRange): Promise<MessagePage> {
    return this.transactions.snapshot(async (manager) => {
      const reader = await this.participants.require(manager, identity, 'read', uuid);
      const visible = (): SelectQueryBuilder<Message> => visibleMessages(manager, reader, range);
      const { messages, ...edges } = await pageOf(visible, range);
      const { seq: position, epoch } = await this.log.head(chatRoomStreams.room(uuid), manager);
      for (const message of messages) message.chatRoom = reader.chatRoom;
      const records = await withReactions(manager, await this.views.load(manager, messages), reader.memberId);
      return { records, ...edges, position, epoch };
    });
  }
}

function visibleMessages(
  manager: EntityManager,
  reader: ChatRoomParticipant,
  { parent_message_id: root }: MessageRange,
): SelectQueryBuilder<Message> {
  const query = manager
    .createQueryBuilder(Message, 'message')
    .where('message.chatRoomId = :room AND message.id > :visibleAfter', {
      room: reader.chatRoomId,
      visibleAfter: visibleAfter(reader),
    });
  return root === undefined ? query : query.andWhere('message.parentMessageId = :root', { root });
}

/** One row too many tells that there is more in the direction of reading; the other direction is asked for. */
async function pageOf(visible: () => SelectQueryBuilder<Message>, { limit, before, after }: MessageRange) {
  if (after !== undefined) {
    const rows = await visible()
      .andWhere('message.id > :after', { after })
      .orderBy('message.id', 'ASC')
      .limit(limit + 1)
      .getMany();
    const has_previous_page = await visible().andWhere('message.id <= :after', { after }).getExists();
    return { messages: rows.slice(0, limit), has_previous_page, has_next_page: rows.length > limit };
  }
  const query = before === undefined ? visible() : visible().andWhere('message.id < :before', { before });
  const rows = await query
    .orderBy('message.id', 'DESC')
    .limit(limit + 1)
    .getMany();
  const has_next_page =
    before !== undefined && (await visible().andWhere('message.id >= :before', { before }).getExists());
  return { messages: rows.slice(0, limit).reverse(), has_previous_page: rows.length > limit, has_next_page };
}
