import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import type { EntityManager, Repository } from 'typeorm';
import type { Identity } from '../../auth/identity.js';
import { ChatRoomParticipant } from './chat-room-participant.entity.js';
import { type ChatRoomAction, decideFor } from './chat-room.decision.js';
import { ChatRoom } from './chat-room.entity.js';
import { roomLocks } from './chat-room.locks.js';
import { chatRoomForbidden, chatRoomNotFound } from './chat-rooms.errors.js';

/** The form in which uuids are stored and stand in addresses. */
const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/;

export type RoomName = { uuid: string } | { identifier: string };

/**
 * Finds the caller's own place in a room, together with the room: everything that happens in a room starts here.
 *
 * Each room has a gate, held until the end of the transaction. Senders pass it together. Whoever brings people in, takes
 * them out or ends the room passes it alone: so nobody sends who has just been removed, and the newest message is known
 * when somebody joins. It is an advisory lock, because those wait in line: with row locks, a busy room never lets anybody
 * through who wants it for themselves. Other changes hold the row of the room, which no sender waits for. The order is
 * always room, gate, turn (see ChatRoomSenders), messages, so nobody waits in a circle.
 */
@Injectable()
export class ChatRoomParticipants {
  constructor(@InjectRepository(ChatRoomParticipant) private readonly rows: Repository<ChatRoomParticipant>) {}

  /** Null when there is no such room or the caller is not in it. */
  async find(
    identity: Identity,
    name: RoomName,
    manager: EntityManager = this.rows.manager,
  ): Promise<ChatRoomParticipant | null> {
    return this.query([identity], name, manager)?.getOne() ?? null;
  }

  /** The caller's place when they may do this with the room. */
  async require(
    manager: EntityManager,
    identity: Identity,
    action: ChatRoomAction,
    uuid: string,
  ): Promise<ChatRoomParticipant> {
    return allowed(identity, action, await this.find(identity, { uuid }, manager));
  }

  /** As `require`, and until the transaction ends nobody removes the caller or ends the room. */
  async requireForSending(manager: EntityManager, identity: Identity, uuid: string): Promise<ChatRoomParticipant> {
    await this.passGate(manager, uuid);
    // A statement of its own, so that it sees what happened while the first one waited.
    const found = await this.findAll(manager, [identity], uuid);
    return allowed(identity, 'send', found.get(identity.memberId) ?? null);
  }

  /**
   * As `requireForSending`, and no other device of the caller changes what is theirs in this room: for what somebody does
   * for themselves alone. It waits for nobody else who does the same, however many are in the room.
   */
  async requireForOneself(manager: EntityManager, identity: Identity, uuid: string): Promise<ChatRoomParticipant> {
    await this.passGate(manager, uuid);
    const query = this.query([identity], { uuid }, manager)?.setLock('for_no_key_update', undefined, ['participant']);
    return allowed(identity, 'read', (await query?.getOne()) ?? null);
  }

  /** By member: the places of several callers of one workspace. */
  async findAll(
    manager: EntityManager,
    identities: Identity[],
    uuid: string,
  ): Promise<Map<number | null, ChatRoomParticipant>> {
    const found = (await this.query(identities, { uuid }, manager)?.getMany()) ?? [];
    return new Map(found.map((participant) => [participant.memberId, participant]));
  }

  /** As `require`, and until the transaction ends nobody else changes the room; `alone`, nobody sends either. */
  async requireForChange(
    manager: EntityManager,
    identity: Identity,
    action: ChatRoomAction,
    uuid: string,
    { alone = false } = {},
  ): Promise<ChatRoomParticipant> {
    // Strangers lock nothing.
    await this.require(manager, identity, action, uuid);
    await manager.findOne(ChatRoom, { select: { id: true }, where: { uuid }, lock: { mode: 'for_no_key_update' } });
    if (alone) await manager.query(`SELECT ${roomLocks.passGateAlone('$1')}`, [uuid]);
    return this.require(manager, identity, action, uuid);
  }

  private async passGate(manager: EntityManager, uuid: string): Promise<void> {
    if (!isStoredUuid(uuid)) throw chatRoomNotFound();
    await manager.query(`SELECT ${roomLocks.passGate('$1')}`, [uuid]);
  }

  private query(identities: Identity[], name: RoomName, manager: EntityManager) {
    const memberIds = [...new Set(identities.map(({ memberId }) => memberId))].filter((id) => id !== null);
    if (memberIds.length === 0 || ('uuid' in name && !isStoredUuid(name.uuid))) return null;
    const { workspaceId } = identities[0]!;
    const named = 'uuid' in name ? 'room.uuid = :uuid' : 'room.identifier = :identifier';
    return manager
      .createQueryBuilder(ChatRoomParticipant, 'participant')
      .innerJoinAndSelect('participant.chatRoom', 'room')
      .where('participant.memberId IN (:...memberIds)', { memberIds })
      .andWhere(`room.workspaceId = :workspaceId AND ${named}`, { workspaceId, ...name });
  }
}

/** Anything else names no room. */
export function isStoredUuid(text: string): boolean {
  return UUID.test(text);
}

function allowed(
  identity: Identity,
  action: ChatRoomAction,
  participant: ChatRoomParticipant | null,
): ChatRoomParticipant {
  if (!participant) throw chatRoomNotFound();
  if (!decideFor(identity, participant).actions.has(action)) throw chatRoomForbidden();
  return participant;
}
