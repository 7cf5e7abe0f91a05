import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { JsonObject } from '../../common/json.js';
import { accessChanged } from '../../events/access-changes.js';
import type { EventDraft } from '../../events/domain-event.js';
import { type Change, RealtimeSubscriber } from '../../events/realtime.subscriber.js';
import { ChatRoomConversation } from './chat-room.conversation.js';
import { ChatRoom } from './chat-room.entity.js';
import { ChatRoomPeople } from './chat-room.people.js';
import { NAMING_SIZE, toSharedChatRoomView } from './chat-room.view.js';
import { chatRoomPaths, chatRoomStreams } from './chat-rooms.streams.js';

/** The fields that somebody may change, as the outside calls them. */
const FIELDS: Record<string, string> = {
  name: 'name',
  description: 'description',
  showHistory: 'show_history',
  pinnedMessageId: 'pinned_message_id',
};

/** Turns changes of rooms into events of the room's own stream, and makes sessions ask again when they see less than before. */
@Injectable()
export class ChatRoomSubscriber extends RealtimeSubscriber<ChatRoom> {
  readonly entity = ChatRoom;

  constructor(
    private readonly conversation: ChatRoomConversation,
    private readonly people: ChatRoomPeople,
  ) {
    super();
  }

  async describe(change: Change<ChatRoom>, manager: EntityManager): Promise<EventDraft[]> {
    const { action, entity: room, changed } = change;
    const stream = chatRoomStreams.room(room.uuid);
    const resource = await this.resource(change, manager);
    const told: EventDraft = { stream, action, type: 'chat_room', path: chatRoomPaths.room(room.uuid), resource };
    const changesSight = action === 'deleted' || changed.includes('showHistory');
    return changesSight ? [told, accessChanged({ streams: [stream] })] : [told];
  }

  private async resource(
    { action, entity: room, changed }: Change<ChatRoom>,
    manager: EntityManager,
  ): Promise<JsonObject> {
    if (action === 'deleted') return { id: room.id, uuid: room.uuid };
    if (action === 'created') return toSharedChatRoomView(room);
    return {
      ...toSharedChatRoomView(room),
      changed: changed.flatMap((name) => FIELDS[name] ?? []),
      // Where not everybody may see every message it is only named.
      pinned_message:
        room.pinnedMessageId && room.showHistory ? await this.conversation.show(manager, room.pinnedMessageId) : null,
      named_after: room.name ? [] : await this.namedAfter(room, manager),
    };
  }

  /** A room without a name is called after the others in it: the first of them, and one more for when it is oneself. */
  private async namedAfter({ id }: ChatRoom, manager: EntityManager): Promise<JsonObject[]> {
    const company = await this.people.company(manager, [id], NAMING_SIZE + 1);
    return company.get(id)!.first.map(({ member }) => ({ community_member_id: member.id, name: member.name }));
  }
}
