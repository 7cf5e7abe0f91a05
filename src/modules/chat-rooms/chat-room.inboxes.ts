import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { EventLog } from '../../events/event-log.js';
import { memberStream } from '../members/index.js';
import type { ChatRoomParticipant } from './chat-room-participant.entity.js';
import type { ChatRoom } from './chat-room.entity.js';
import { ChatRoomViews } from './chat-room.views.js';
import { chatRoomPaths } from './chat-rooms.streams.js';

/** Tells members, each in their own stream, that a room has appeared for them or is gone: for many at once, so by hand. */
@Injectable()
export class ChatRoomInboxes {
  constructor(
    private readonly log: EventLog,
    private readonly views: ChatRoomViews,
  ) {}

  /** Each of them gets the room as they see it. */
  async appeared(manager: EntityManager, participants: ChatRoomParticipant[]): Promise<void> {
    const views = await this.views.load(manager, participants);
    const drafts = participants.map(({ memberId }, index) => ({
      ...told('created', memberId, views[index]!.uuid),
      version: participants[index]!.chatRoom.version,
      resource: views[index]!,
    }));
    this.log.append(manager, drafts);
  }

  gone(manager: EntityManager, { id, uuid }: ChatRoom, memberIds: number[]): void {
    const drafts = memberIds.map((memberId) => ({ ...told('deleted', memberId, uuid), resource: { id, uuid } }));
    this.log.append(manager, drafts);
  }
}

function told(action: 'created' | 'deleted', memberId: number, uuid: string) {
  return { stream: memberStream(memberId), action, type: 'chat_room', path: chatRoomPaths.room(uuid) };
}
