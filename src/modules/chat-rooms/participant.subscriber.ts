import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { accessChanged } from '../../events/access-changes.js';
import type { EventDraft } from '../../events/domain-event.js';
import { type Change, RealtimeSubscriber } from '../../events/realtime.subscriber.js';
import { memberStream } from '../members/index.js';
import { ChatRoomParticipant } from './chat-room-participant.entity.js';
import { ChatRoomConversation } from './chat-room.conversation.js';
import { ChatRoom } from './chat-room.entity.js';
import { ChatRoomPeople } from './chat-room.people.js';
import { chatRoomPaths, chatRoomStreams } from './chat-rooms.streams.js';
import { toCurrentParticipantView, toParticipantView } from './participant.view.js';

const OWN_SETTINGS = ['muted', 'archived', 'archivedAfterMessageId'];
const SETTINGS = ['admin', ...OWN_SETTINGS];

/**
 * Turns changes of participants into events of the room's stream, and takes the sessions of those who leave out of it.
 * What a participant sets for themselves alone (muted, archived) is nobody else's business: it is told in their own stream.
 */
@Injectable()
export class ParticipantSubscriber extends RealtimeSubscriber<ChatRoomParticipant> {
  readonly entity = ChatRoomParticipant;

  constructor(
    private readonly people: ChatRoomPeople,
    private readonly conversation: ChatRoomConversation,
  ) {
    super();
  }

  async describe(change: Change<ChatRoomParticipant>, manager: EntityManager): Promise<EventDraft[] | null> {
    const { action, entity: participant, changed } = change;
    if (action === 'updated' && !changed.some((name) => SETTINGS.includes(name))) return null;
    participant.chatRoom ??= await roomOf(manager, participant);
    await this.people.fill(manager, [participant]);
    if (action !== 'updated') return this.inRoom(action, participant);
    return [
      ...(changed.includes('admin') ? this.inRoom(action, participant) : []),
      ...(changed.some((name) => OWN_SETTINGS.includes(name)) ? [await this.inOwnStream(participant, manager)] : []),
    ];
  }

  private inRoom(action: Change<ChatRoomParticipant>['action'], participant: ChatRoomParticipant): EventDraft[] {
    const { uuid } = participant.chatRoom;
    const stream = chatRoomStreams.room(uuid);
    const path = chatRoomPaths.participant(uuid, participant.memberId);
    const told: EventDraft = { stream, action, type: 'participant', path, resource: toParticipantView(participant) };
    if (action !== 'deleted') return [told];
    return [told, accessChanged({ members: [participant.memberId], streams: [stream] })];
  }

  private async inOwnStream(participant: ChatRoomParticipant, manager: EntityManager): Promise<EventDraft> {
    const { memberId, chatRoom } = participant;
    const activity = await this.conversation.activity(manager, [participant]);
    return {
      stream: memberStream(memberId),
      action: 'updated',
      type: 'participant',
      path: chatRoomPaths.participant(chatRoom.uuid, memberId),
      resource: toCurrentParticipantView(participant, activity.get(participant.id)!),
    };
  }
}

function roomOf(manager: EntityManager, { chatRoomId }: ChatRoomParticipant): Promise<ChatRoom> {
  return manager.findOneOrFail(ChatRoom, { where: { id: chatRoomId }, withDeleted: true });
}
