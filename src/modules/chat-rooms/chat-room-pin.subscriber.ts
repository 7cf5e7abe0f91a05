import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { EventDraft } from '../../events/domain-event.js';
import { type Change, RealtimeSubscriber } from '../../events/realtime.subscriber.js';
import { memberStream } from '../members/index.js';
import { ChatRoomParticipant } from './chat-room-participant.entity.js';
import { ChatRoomPin } from './chat-room-pin.entity.js';
import { toPinView, toUnpinnedView } from './chat-room-pin.view.js';
import { ChatRoomViews } from './chat-room.views.js';
import { chatRoomPaths } from './chat-rooms.streams.js';

/** Turns pins into events of the member's own stream: the pin, and the room as they now see it. */
@Injectable()
export class ChatRoomPinSubscriber extends RealtimeSubscriber<ChatRoomPin> {
  readonly entity = ChatRoomPin;

  constructor(private readonly views: ChatRoomViews) {
    super();
  }

  async describe({ action, entity: pin }: Change<ChatRoomPin>, manager: EntityManager): Promise<EventDraft[] | null> {
    const participant = await placeOf(manager, pin);
    // Who has left the room is told that it is gone, and a pin goes with it.
    if (participant.deletedAt !== null) return null;
    const { chatRoom: room, memberId } = participant;
    const told = { stream: memberStream(memberId), type: 'chat_room', path: chatRoomPaths.room(room.uuid) };
    if (action === 'deleted') return [{ ...told, action: 'unpinned', resource: toUnpinnedView(room) }];
    return [
      { ...told, action: 'pinned', resource: toPinView(room, pin.pinnedAt) },
      { ...told, action: 'updated', resource: await this.views.loadOne(manager, participant) },
    ];
  }
}

function placeOf(manager: EntityManager, { chatRoomParticipantId: id }: ChatRoomPin): Promise<ChatRoomParticipant> {
  const relations = { chatRoom: true };
  return manager.findOneOrFail(ChatRoomParticipant, { where: { id }, relations, withDeleted: true });
}
