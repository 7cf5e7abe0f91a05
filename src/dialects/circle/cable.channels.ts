import { Injectable } from '@nestjs/common';
import type { MemberIdentity } from '../../auth/identity.js';
import { id, idText } from '../../common/ids.js';
import type { DomainEvent } from '../../events/domain-event.js';
import { ChatRoomDirectory, chatRoomPaths, type FollowedRoom } from '../../modules/chat-rooms/index.js';
import { memberPath } from '../../modules/members/index.js';
import {
  toListedRoomEvent,
  toNotificationEvent,
  toOwnRoomEvent,
  toOwnThreadEvent,
  toRoomEvent,
  toThreadEvent,
} from './circle.events.js';
import { readIdentifier } from './cable.commands.js';
import { CableWords, type Listener, Phrasebook } from './cable.words.js';

/** One room of the core that feeds a subscription. */
export interface Source {
  room: string;
  /** How clients call the queue, or the part of it. */
  streamId: string;
  words: CableWords;
}

/** What feeds a subscription: the first source decides whether there is one at all. */
export interface Channel {
  main: Source;
  /** The other sources at the moment. */
  others(): Promise<Source[]>;
  /** The source that an event of the main one adds, and where in it to begin. */
  opensWith?(event: DomainEvent): Promise<{ source: Source; after: number } | null>;
}

/** A queue of one member, made of their own stream and those of the rooms that they are in. */
interface MemberQueue {
  streamId: (memberId: number) => string;
  own: Phrasebook;
  rooms?: { says: Phrasebook; wants(room: FollowedRoom): boolean };
}

const MEMBER_QUEUES: Record<string, MemberQueue> = {
  NotificationChannel: {
    streamId: (memberId) => `notification-channel-${memberId}`,
    own: new Phrasebook(toNotificationEvent, false),
  },
  ChatRoomChannel: {
    streamId: (memberId) => `chat-room-channel-${memberId}`,
    own: new Phrasebook(toOwnRoomEvent, true),
    rooms: { says: new Phrasebook(toListedRoomEvent, false), wants: ({ isEmbedded }) => !isEmbedded },
  },
  'Chats::CommunityMemberThreadsChannel': {
    streamId: (memberId) => `chat-community-member-${memberId}-threads-channel`,
    own: new Phrasebook(toOwnThreadEvent, false),
    rooms: { says: new Phrasebook(toThreadEvent, true), wants: () => true },
  },
};

const ROOM_CHANNEL = 'Chats::RoomChannel';
const TO_ALL = new Phrasebook(toRoomEvent, false);
/** Where the name of the room depends on who looks. */
const TO_EACH = new Phrasebook(toRoomEvent, true);
const LISTED_TO_EACH = new Phrasebook(toListedRoomEvent, true);

/** Finds out what feeds the channel that an identifier names (docs/dialects/actioncable.md). */
@Injectable()
export class CableChannels {
  constructor(private readonly rooms: ChatRoomDirectory) {}

  /** Null for unknown channels, wrong parameters and what is not theirs: these look alike. */
  async find(member: MemberIdentity, listener: Listener): Promise<Channel | null> {
    const wanted = readIdentifier(listener.identifier);
    if (!wanted) return null;
    if (wanted.channel === ROOM_CHANNEL) return this.roomChannel(member, listener, wanted);
    const queue = Object.hasOwn(MEMBER_QUEUES, wanted.channel) ? MEMBER_QUEUES[wanted.channel]! : null;
    const named = [wanted.community_member_id, wanted.contact_id].filter((id) => id !== undefined);
    if (!queue || named.some((id) => idOf(id) !== member.memberId)) return null;
    return this.memberQueue(member, listener, queue);
  }

  private async roomChannel(
    member: MemberIdentity,
    listener: Listener,
    { chat_room_id: id, chat_room_uuid: uuid }: Record<string, unknown>,
  ): Promise<Channel | null> {
    const roomId = id === undefined ? null : idOf(id);
    let room: FollowedRoom | null = null;
    if (id === undefined) room = typeof uuid === 'string' ? await this.rooms.byUuid(member, uuid) : null;
    else if (roomId !== null) room = await this.rooms.byId(member, roomId);
    if (!room) return null;
    const streamId = `chat-room-${room.id}-channel`;
    const words = new CableWords(listener, room.nameless ? TO_EACH : TO_ALL, streamId, true);
    return { main: { room: chatRoomPaths.room(room.uuid), streamId, words }, others: () => Promise.resolve([]) };
  }

  private memberQueue(member: MemberIdentity, listener: Listener, { streamId, own, rooms }: MemberQueue): Channel {
    const { memberId } = member;
    const name = streamId(memberId);
    const main = { room: memberPath(memberId), streamId: name, words: new CableWords(listener, own, name, true) };
    if (!rooms) return { main, others: () => Promise.resolve([]) };
    const part = (room: FollowedRoom): Source => {
      const says = rooms.says.personal || !room.nameless ? rooms.says : LISTED_TO_EACH;
      const part = `${name}/${room.uuid}`;
      return {
        room: chatRoomPaths.room(room.uuid),
        streamId: part,
        words: new CableWords(listener, says, part, false),
      };
    };
    return {
      main,
      others: async () => (await this.rooms.all(member)).filter(rooms.wants).map(part),
      opensWith: async ({ type, action, resource }) => {
        if (type !== 'chat_room' || action !== 'created' || typeof resource?.uuid !== 'string') return null;
        const room = await this.rooms.byUuid(member, resource.uuid);
        if (!room || !rooms.wants(room)) return null;
        return { source: part(room), after: await this.rooms.cameAt(room.uuid, memberId) };
      },
    };
  }
}

/** Numbers, and texts of decimal digits: ids come both ways. */
function idOf(value: unknown): number | null {
  return id.safeParse(value).data ?? idText.safeParse(value).data ?? null;
}
