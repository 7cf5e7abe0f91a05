import type { EntityManager } from 'typeorm';
import type { Identity } from '../../auth/identity.js';
import type { JsonObject } from '../../common/json.js';
import type { ChatRoom } from './chat-room.entity.js';
import type { ChatRoomParticipant } from './chat-room-participant.entity.js';
import type { OwnState } from './participant.view.js';

/** What one participant finds in their room. */
export interface ChatRoomActivity extends OwnState {
  unread_messages_count: number;
  first_unread_message_id: number | null;
  last_message: JsonObject | null;
  pinned_message: JsonObject | null;
}

/** What somebody says; the rules about it are those of the messages feature. */
export interface MessageWords {
  body?: string | null;
  rich_text_body?: Record<string, unknown> | null;
}

/** A place in the list of somebody's rooms, which is sorted by `pinnedAt`, `activeAt` and `chatRoomId`, latest first. */
export interface RoomListPlace {
  /** When the member pinned it; what is not pinned comes last. */
  pinnedAt: Date | null;
  activeAt: Date;
  chatRoomId: number;
}

export interface RoomListQuery {
  memberId: number;
  workspaceId: number;
  /** Only what comes after this place. */
  after: RoomListPlace | null;
  limit: number;
  /** Only those that are embedded, or only those that are not; null: both. The same for archived ones. */
  embedded: boolean | null;
  archived: boolean | null;
}

/**
 * What rooms have to ask about their messages. Bound by the messages feature, which is built on this one, so that rooms
 * know nothing of it.
 */
export abstract class ChatRoomConversation {
  /** 0 while nothing has been said. Exact only while the caller keeps senders out. */
  abstract newestMessageId(manager: EntityManager, chatRoomId: number): Promise<number>;

  /** Whether the participant may pin this message; if so it cannot be deleted before the transaction ends. */
  abstract holdForPin(manager: EntityManager, participant: ChatRoomParticipant, messageId: number): Promise<boolean>;

  /** A message as everybody in the room sees it; null when it is gone. */
  abstract show(manager: EntityManager, messageId: number): Promise<JsonObject | null>;

  /** By participant id, in a constant number of queries. Needs the participants' rooms loaded. */
  abstract activity(
    manager: EntityManager,
    participants: ChatRoomParticipant[],
  ): Promise<Map<number, ChatRoomActivity>>;

  /** The member's rooms, pinned ones first, then the one with the latest message: as ids of their participants there. */
  abstract latestFirst(
    manager: EntityManager,
    query: RoomListQuery,
  ): Promise<(RoomListPlace & { participantId: number })[]>;

  /** What has to be done about what was said in a room that is gone. Nobody sends there any more. */
  abstract ended(manager: EntityManager, chatRoom: ChatRoom): Promise<void>;

  /** Sends what somebody says while they open the room, as part of the transaction around the call. */
  abstract say(identity: Identity, uuid: string, words: MessageWords): Promise<void>;
}
