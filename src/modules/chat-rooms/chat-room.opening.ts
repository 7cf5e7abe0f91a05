import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Identity } from '../../auth/identity.js';
import { Transactions } from '../../database/transactions.js';
import { violatesUnique } from '../../database/unique-violation.js';
import type { ChatRoomParticipant } from './chat-room-participant.entity.js';
import { ChatRoomConversation } from './chat-room.conversation.js';
import { ChatRoom } from './chat-room.entity.js';
import { ChatRoomJoining } from './chat-room.joining.js';
import { ChatRoomParticipants } from './chat-room.participants.js';
import type { ChatRoomView } from './chat-room.view.js';
import { ChatRoomViews } from './chat-room.views.js';
import {
  chatRoomMembersOnly,
  directHasNoName,
  directNeedsOneOther,
  embeddedExists,
  embeddedForAdministrators,
  embeddedIsGroup,
} from './chat-rooms.errors.js';
import type { CreateChatRoom } from './chat-rooms.schemas.js';

/** What identifiers call the things that rooms are embedded in. */
const NAMES = { Space: 'space', LiveRoom: 'live-room', Lesson: 'lesson' };

export interface OpenedRoom {
  room: ChatRoomView;
  /** False for a direct room that the two of them had already. */
  created: boolean;
}

/** Opens rooms: a new group each time, but one direct room for two people, whichever of them asks and however often. */
@Injectable()
export class ChatRoomOpening {
  constructor(
    private readonly transactions: Transactions,
    private readonly participants: ChatRoomParticipants,
    private readonly joining: ChatRoomJoining,
    private readonly conversation: ChatRoomConversation,
    private readonly views: ChatRoomViews,
  ) {}

  async open(identity: Identity, wanted: CreateChatRoom): Promise<OpenedRoom> {
    if (identity.memberId === null) throw chatRoomMembersOnly();
    const others = wanted.member_ids.filter((memberId) => memberId !== identity.memberId);
    const embedded = embeddedIdentifier(wanted);
    if (embedded !== null && wanted.kind === 'direct') throw embeddedIsGroup();
    if (embedded !== null && !identity.administrator) throw embeddedForAdministrators();
    if (wanted.kind === 'direct') return this.openDirect(identity, identity.memberId, others, wanted);
    const uuid = randomUUID();
    const members = [identity.memberId, ...others];
    const identifier = embedded ?? `group-chat-${uuid}`;
    try {
      return await this.transactions.run((manager) =>
        this.create(manager, identity, { ...wanted, uuid, identifier }, members),
      );
    } catch (error) {
      throw violatesUnique(error, 'chat_rooms_identifier') ? embeddedExists() : error;
    }
  }

  private async openDirect(
    identity: Identity,
    memberId: number,
    others: number[],
    wanted: CreateChatRoom,
  ): Promise<OpenedRoom> {
    const [other, ...more] = new Set(others);
    if (other === undefined || more.length > 0) throw directNeedsOneOther();
    if (wanted.name) throw directHasNoName();
    const identifier = `direct-${Math.min(memberId, other)}-${Math.max(memberId, other)}`;
    const findOrCreate = (): Promise<OpenedRoom> =>
      this.transactions.run(async (manager) => {
        const present = await this.participants.find(identity, { identifier }, manager);
        if (present) return this.enter(manager, identity, present, wanted, false);
        return this.create(manager, identity, { ...wanted, uuid: randomUUID(), identifier }, [memberId, other]);
      });
    try {
      return await findOrCreate();
    } catch (error) {
      // The other one was faster, so now it is there.
      if (violatesUnique(error, 'chat_rooms_identifier')) return findOrCreate();
      throw error;
    }
  }

  private async create(
    manager: EntityManager,
    identity: Identity,
    wanted: CreateChatRoom & Pick<ChatRoom, 'uuid' | 'identifier'>,
    memberIds: number[],
  ): Promise<OpenedRoom> {
    const { uuid, identifier, kind, name = null, description = null, show_history: showHistory } = wanted;
    const { parent_type: parentType = null, parent_id: parentId = null } = wanted;
    const room = manager.create(ChatRoom, {
      uuid,
      workspaceId: identity.workspaceId,
      identifier,
      kind,
      name,
      description,
      showHistory,
      pinnedMessageId: null,
      isEmbedded: parentType !== null,
      parentType,
      parentId,
    });
    await manager.save(room);
    const [opener] = await this.joining.join(manager, room, memberIds, {
      admin: kind === 'group_chat' ? memberIds[0] : undefined,
    });
    return this.enter(manager, identity, opener!, wanted, true);
  }

  private async enter(
    manager: EntityManager,
    identity: Identity,
    participant: ChatRoomParticipant,
    { body, rich_text_body }: CreateChatRoom,
    created: boolean,
  ): Promise<OpenedRoom> {
    const speaks = (body ?? rich_text_body ?? null) !== null;
    if (speaks) await this.conversation.say(identity, participant.chatRoom.uuid, { body, rich_text_body });
    return { room: await this.views.loadOne(manager, participant), created };
  }
}

/** One room for each space, live room and lesson. Null: the room is not embedded. */
function embeddedIdentifier({ parent_type, parent_id }: CreateChatRoom): string | null {
  return parent_type == null ? null : `${NAMES[parent_type]}-group-chat-${parent_id}`;
}
