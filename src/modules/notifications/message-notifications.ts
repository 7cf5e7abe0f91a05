import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { ChatRoom } from '../chat-rooms/index.js';
import {
  type Addressee,
  type AddressedMessage,
  type Message,
  type MessageListener,
  OnMessages,
} from '../messages/index.js';
import { type Notice, Notifications } from './notifications.js';

const TYPE = 'ChatRoomMessage';
const PARENT_TYPE = 'ChatRoom';

/**
 * Notifies those whom a chat message mentions, and the others in its thread of a reply; in the message's own transaction.
 * Who has muted the room hears nothing, and nobody hears twice of one message.
 */
@Injectable()
@OnMessages()
export class MessageNotifications implements MessageListener {
  constructor(private readonly notifications: Notifications) {}

  async addressed(manager: EntityManager, messages: AddressedMessage[]): Promise<void> {
    await this.notifications.notify(manager, ...messages.flatMap(toNotices));
  }

  async removed(manager: EntityManager, messages: Message[]): Promise<void> {
    const { workspaceId } = messages[0]!.chatRoom;
    await this.notifications.withdraw(manager, { workspaceId, type: TYPE, ids: messages.map(({ id }) => id) });
  }

  async ended(manager: EntityManager, { id, workspaceId }: ChatRoom): Promise<void> {
    await this.notifications.withdraw(manager, { workspaceId, parent: { type: PARENT_TYPE, id } });
  }
}

function toNotices({ message, mentioned, thread }: AddressedMessage): Notice[] {
  return [
    toNotice(message, 'mention', 'mentions', 'mentioned you', mentioned),
    toNotice(message, 'reply', 'inbox', 'replied to a thread', thread),
  ];
}

/** Names the room, but does not repeat what was said there: who leaves the room loses sight of that. */
function toNotice(message: Message, action: string, group: string, words: string, to: Addressee[]): Notice {
  const { id, chatRoom: room, cause } = message;
  const { name: title, parentType, parentId } = room;
  return {
    workspaceId: room.workspaceId,
    memberIds: to.filter(({ muted }) => !muted).map(({ memberId }) => memberId),
    actorId: message.participant.memberId,
    actor: message.participant.member,
    action,
    displayAction: title === null ? words : `${words} in`,
    group,
    about: { type: TYPE, id, title, names: { chat_room_uuid: room.uuid, parent_message_id: message.parentMessageId } },
    parent: { type: PARENT_TYPE, id: room.id },
    space: parentType === 'Space' ? { id: parentId!, title: null } : null,
    once: `${TYPE}/${id}`,
    cause,
  };
}
