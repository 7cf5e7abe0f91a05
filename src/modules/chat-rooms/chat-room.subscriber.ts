import { Injectable } from '@nestjs/common';
import { accessChanged } from '../../events/access-changes.js';
import type { EventDraft } from '../../events/domain-event.js';
import { type Change, RealtimeSubscriber } from '../../events/realtime.subscriber.js';
import { ChatRoom } from './chat-room.entity.js';
import { toSharedChatRoomView } from './chat-room.view.js';
import { chatRoomPaths, chatRoomStreams } from './chat-rooms.streams.js';

/** Turns changes of rooms into events of the room's own stream, and makes sessions ask again when they see less than before. */
@Injectable()
export class ChatRoomSubscriber extends RealtimeSubscriber<ChatRoom> {
  readonly entity = ChatRoom;

  describe({ action, entity: room, changed }: Change<ChatRoom>): EventDraft[] {
    const stream = chatRoomStreams.room(room.uuid);
    const resource = action === 'deleted' ? { id: room.id, uuid: room.uuid } : toSharedChatRoomView(room);
    const told: EventDraft = { stream, action, type: 'chat_room', path: chatRoomPaths.room(room.uuid), resource };
    const changesSight = action === 'deleted' || changed.includes('showHistory');
    return changesSight ? [told, accessChanged({ streams: [stream] })] : [told];
  }
}
