import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { JsonObject } from '../../common/json.js';
import type { EventDraft } from '../../events/domain-event.js';
import { type Change, RealtimeSubscriber } from '../../events/realtime.subscriber.js';
import { chatRoomStreams } from '../chat-rooms/index.js';
import { Message } from './message.entity.js';
import { membersOf, MessageThreads } from './message.threads.js';
import { messagePath } from './message.view.js';
import { MessageViews, rootIdOf } from './message.views.js';

/**
 * Turns changes of messages into events of the room's stream, in the writer's own transaction: one event for each
 * change, however many people are in the room.
 */
@Injectable()
export class MessageSubscriber extends RealtimeSubscriber<Message> {
  readonly entity = Message;

  constructor(
    private readonly views: MessageViews,
    private readonly threads: MessageThreads,
  ) {
    super();
  }

  async describe({ action, entity: message }: Change<Message>, manager: EntityManager): Promise<EventDraft> {
    await this.views.addRooms(manager, [message]);
    const draft = messageDraft(action, message, await this.resource(action, message, manager));
    // A thread that goes as a whole is told of once, with its root.
    if (action === 'deleted' && message.goesWithRoot) return draft;
    const root = rootIdOf(message);
    return { ...draft, concerns: membersOf((await this.threads.participants(manager, [root])).get(root)) };
  }

  /** What is gone is named, not shown; the root of a reply is shown with what is left of its thread. */
  private async resource(action: string, message: Message, manager: EntityManager): Promise<JsonObject> {
    if (action === 'created') return this.views.loadNew(manager, message);
    if (action === 'updated') return this.views.loadOne(manager, message);
    const { id, chatRoom, parentMessageId, chatThreadId, goesWithRoot = false } = message;
    const survives = parentMessageId !== null && !goesWithRoot;
    const root = survives ? await manager.findOneBy(Message, { id: parentMessageId }) : null;
    // Where not everybody may see every message, the root is not shown.
    const shown = root && chatRoom.showHistory ? Object.assign(root, { chatRoom }) : null;
    return {
      id,
      chat_room_uuid: chatRoom.uuid,
      parent_message_id: parentMessageId,
      chat_thread_id: chatThreadId,
      parent_deleted: parentMessageId !== null && root === null,
      parent_message: shown && (await this.views.loadOne(manager, shown)),
    };
  }
}

/** The one description of what happened to a message, whoever wrote the row. Needs the room loaded. */
export function messageDraft(
  action: string,
  message: Message,
  resource: JsonObject,
  path = messagePath(message.chatRoom.uuid, message.id),
): EventDraft {
  const { uuid } = message.chatRoom;
  const stream = chatRoomStreams.room(uuid);
  return { stream, action, type: 'message', path, resource, keepsRules: true, cause: message.cause };
}
