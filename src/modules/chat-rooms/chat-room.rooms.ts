import { Injectable } from '@nestjs/common';
import { AccessPolicy } from '../../access/access-policy.js';
import type { Identity } from '../../auth/identity.js';
import { type OpenRoom, RoomKind, type RoomSource } from '../../realtime/room-source.js';
import type { ChatRoomThing } from './chat-room.access.js';
import { chatRoomStreams } from './chat-rooms.streams.js';

/** The room of one conversation: its messages, its participants, and its own changes. */
@Injectable()
@RoomKind('/chat-rooms/:uuid')
export class ChatRoomRooms implements RoomSource {
  constructor(private readonly policy: AccessPolicy) {}

  async open(params: Record<string, string>, identity: Identity): Promise<OpenRoom | null> {
    const thing: ChatRoomThing = { kind: 'chat_room', uuid: params.uuid! };
    const decision = await this.policy.decide(identity, thing);
    if (!decision?.actions.has('subscribe')) return null;
    return { stream: chatRoomStreams.room(thing.uuid), sees: decision.sees };
  }
}
