import { Injectable } from '@nestjs/common';
import type { MemberIdentity } from '../../auth/identity.js';
import { id, idText } from '../../common/ids.js';
import { ChatRoomDirectory, chatRoomPaths, type FollowedRoom } from '../../modules/chat-rooms/index.js';
import { memberPath } from '../../modules/members/index.js';
import type { GroupedRoom, RoomPlan } from '../../realtime/room-group.js';
import {
  isNamedByViewer,
  toListedRoomEvent,
  toNotificationEvent,
  toOwnRoomEvent,
  toOwnThreadEvent,
  toRoomEvent,
  toThreadEvent,
} from './circle.events.js';
import { readIdentifier } from './cable.commands.js';
import { CableWords, type Listener, Phrasebook } from './cable.words.js';

/** One room of the core that feeds a subscription; its name is what clients call the queue, or the part of it. */
export interface Source extends GroupedRoom {
  words: CableWords;
}

/** What feeds a subscription. */
export type Channel = RoomPlan<Source>;

/** A queue of one member, made of their own stream and those of the rooms that they are in. */
interface MemberQueue {
  streamId: (memberId: number) => string;
  own: Phrasebook;
  rooms?: { says: Phrasebook; wants(room: FollowedRoom): boolean };
}

const MEMBER_QUEUES: Record<string, MemberQueue> = {
  NotificationChannel: {
    streamId: (memberId) => `notification-channel-${memberId}`,
    own: new Phrasebook(toNotificationEvent),
  },
  ChatRoomChannel: {
    streamId: (memberId) => `chat-room-channel-${memberId}`,
    own: new Phrasebook(toOwnRoomEvent),
    rooms: { says: new Phrasebook(toListedRoomEvent, isNamedByViewer), wants: ({ isEmbedded }) => !isEmbedded },
  },
  'Chats::CommunityMemberThreadsChannel': {
    streamId: (memberId) => `chat-community-member-${memberId}-threads-channel`,
    own: new Phrasebook(toOwnThreadEvent),
    rooms: { says: new Phrasebook(toThreadEvent, () => true), wants: () => true },
  },
};

const ROOM_CHANNEL = 'Chats::RoomChannel';
const ROOM_SAYS = new Phrasebook(toRoomEvent, isNamedByViewer);

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
    const name = `chat-room-${room.id}-channel`;
    return {
      main: { room: chatRoomPaths.room(room.uuid), name, words: new CableWords(listener, ROOM_SAYS, name, true) },
    };
  }

  private memberQueue(member: MemberIdentity, listener: Listener, { streamId, own, rooms }: MemberQueue): Channel {
    const { memberId } = member;
    const name = streamId(memberId);
    const main = { room: memberPath(memberId), name, words: new CableWords(listener, own, name, true) };
    if (!rooms) return { main };
    const part = (room: FollowedRoom): Source => {
      const partName = `${name}/${room.uuid}`;
      const words = new CableWords(listener, rooms.says, partName, false);
      return { room: chatRoomPaths.room(room.uuid), name: partName, words };
    };
    return {
      main,
      others: async () => (await this.rooms.all(member)).filter(rooms.wants).map(part),
      opensWith: async (event) => {
        const opened = await this.rooms.openedBy(member, event);
        return opened && rooms.wants(opened.room) ? { room: part(opened.room), after: opened.after } : null;
      },
    };
  }
}

/** Numbers, and texts of decimal digits: ids come both ways. */
function idOf(value: unknown): number | null {
  return id.safeParse(value).data ?? idText.safeParse(value).data ?? null;
}
