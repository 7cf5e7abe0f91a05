import { Injectable } from '@nestjs/common';
import { type EntityManager, In } from 'typeorm';
import { ChatRoom, ChatRoomPeople } from '../chat-rooms/index.js';
import type { Message } from './message.entity.js';
import { MessageThreads } from './message.threads.js';
import { type MessageView, toMessageView } from './message.view.js';

/** Makes views of messages: any number of them in a constant number of queries, fewer for what they bring along. */
@Injectable()
export class MessageViews {
  constructor(
    private readonly people: ChatRoomPeople,
    private readonly threads: MessageThreads,
  ) {}

  /** One view for each message, in order. */
  async load(manager: EntityManager, messages: Message[]): Promise<MessageView[]> {
    if (messages.length === 0) return [];
    await this.complete(manager, messages);
    const threads = await this.threads.summaries(manager, messages.map(rootIdOf));
    return messages.map((message) => toMessageView(message, threads.get(rootIdOf(message)) ?? null));
  }

  async loadOne(manager: EntityManager, message: Message): Promise<MessageView> {
    const [view] = await this.load(manager, [message]);
    return view!;
  }

  /** The view of a message that has just been sent: a new root cannot have a thread, so nothing needs to be asked. */
  async loadNew(manager: EntityManager, message: Message): Promise<MessageView> {
    if (message.parentMessageId !== null) return this.loadOne(manager, message);
    await this.complete(manager, [message]);
    return toMessageView(message, null);
  }

  /** Gives rooms and senders to those who come without. */
  async complete(manager: EntityManager, messages: Message[]): Promise<void> {
    await this.addRooms(manager, messages);
    const withoutSender = messages.filter(({ participant }) => participant === undefined);
    const senders = await this.people.find(manager, [
      ...new Set(withoutSender.map(({ chatRoomParticipantId }) => chatRoomParticipantId)),
    ]);
    for (const message of withoutSender) message.participant = senders.get(message.chatRoomParticipantId)!;
    await this.people.fill(
      manager,
      messages.map(({ participant }) => participant),
    );
  }

  /** Gives the rooms to those who come without. */
  async addRooms(manager: EntityManager, messages: Message[]): Promise<void> {
    const withoutRoom = messages.filter(({ chatRoom }) => chatRoom === undefined);
    if (withoutRoom.length === 0) return;
    const ids = [...new Set(withoutRoom.map(({ chatRoomId }) => chatRoomId))];
    const rooms = await manager.find(ChatRoom, { where: { id: In(ids) }, withDeleted: true });
    const byId = new Map(rooms.map((room) => [room.id, room]));
    for (const message of withoutRoom) message.chatRoom = byId.get(message.chatRoomId)!;
  }
}

export function rootIdOf({ id, parentMessageId }: Message): number {
  return parentMessageId ?? id;
}
