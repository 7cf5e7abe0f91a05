import { Injectable } from '@nestjs/common';
import { type EntityManager, In } from 'typeorm';
import type { ChatRoomParticipant } from './chat-room-participant.entity.js';
import { ChatRoomPin } from './chat-room-pin.entity.js';
import { ChatRoomConversation } from './chat-room.conversation.js';
import { ChatRoomPeople } from './chat-room.people.js';
import { type ChatRoomView, PREVIEW_SIZE, toChatRoomView } from './chat-room.view.js';

/** Rooms as participants see them: any number of rooms and viewers in a constant number of queries. */
@Injectable()
export class ChatRoomViews {
  constructor(
    private readonly people: ChatRoomPeople,
    private readonly conversation: ChatRoomConversation,
  ) {}

  /** One view for each viewer, in order. Their rooms have to be loaded. */
  async load(manager: EntityManager, viewers: ChatRoomParticipant[]): Promise<ChatRoomView[]> {
    if (viewers.length === 0) return [];
    await this.people.fill(manager, viewers);
    const roomIds = viewers.map(({ chatRoomId }) => chatRoomId);
    // The viewer may be one of the first themselves.
    const company = await this.people.company(manager, roomIds, PREVIEW_SIZE + 1);
    const activity = await this.conversation.activity(manager, viewers);
    const pins = await manager.findBy(ChatRoomPin, { chatRoomParticipantId: In(viewers.map(({ id }) => id)) });
    const pinnedAt = new Map(pins.map((pin) => [pin.chatRoomParticipantId, pin.pinnedAt]));
    return viewers.map((viewer) =>
      toChatRoomView(
        viewer,
        company.get(viewer.chatRoomId)!,
        activity.get(viewer.id)!,
        pinnedAt.get(viewer.id) ?? null,
      ),
    );
  }

  async loadOne(manager: EntityManager, viewer: ChatRoomParticipant): Promise<ChatRoomView> {
    const [view] = await this.load(manager, [viewer]);
    return view!;
  }
}
