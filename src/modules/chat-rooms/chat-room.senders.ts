import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Identity } from '../../auth/identity.js';
import type { AppendCondition } from '../../events/append-statement.js';
import type { ChatRoomParticipant } from './chat-room-participant.entity.js';
import { ChatRoomParticipants, isStoredUuid } from './chat-room.participants.js';
import { ChatRoomPeople } from './chat-room.people.js';

const MAX_REMEMBERED = 10_000;

const HOLD = 'SELECT member_id, version FROM hold_chat_room_senders($1, $2, $3)';

/** Somebody in a room, with the room and the member, in the state in which they were read. */
interface Sender {
  participant: ChatRoomParticipant;
  version: string;
}

/**
 * Finds those who send. Remembers them, so that a busy room need not be read for every message.
 *
 * Senders of one room take turns, behind its gate: a message gets its id when those with lower ids have been committed,
 * so who has read up to one has missed none before it. Senders inside larger transactions take theirs together, because
 * such a transaction may write to several rooms, in any order: among themselves the ids need not be in that of commits.
 */
@Injectable()
export class ChatRoomSenders {
  private readonly remembered = new Map<string, Sender>();

  constructor(
    private readonly participants: ChatRoomParticipants,
    private readonly people: ChatRoomPeople,
  ) {}

  /**
   * By member: those who may send, with room and member. Until the transaction ends nobody removes them, and, `alone`,
   * nobody else sends.
   */
  async hold(
    manager: EntityManager,
    identities: Identity[],
    uuid: string,
    { alone }: { alone: boolean },
  ): Promise<Map<number | null, ChatRoomParticipant>> {
    if (!isStoredUuid(uuid)) return new Map();
    const ids = identities.map(({ memberId }) => memberId);
    // Read before the rest: what changes in between has another version, and is only read once more.
    const versions = await manager.query<{ member_id: string; version: string }[]>(HOLD, [uuid, ids, alone]);
    const found = await this.participants.findAll(manager, identities, uuid);
    await this.people.fill(manager, [...found.values()]);
    for (const { member_id, version } of versions) {
      const participant = found.get(Number(member_id));
      if (participant) this.remember(uuid, { participant, version });
    }
    return found;
  }

  /** As they were when they last sent; whether they still are is asked while writing. Null unless all are known. */
  recall(identities: Identity[], uuid: string): Map<number | null, ChatRoomParticipant> | null {
    const known = new Map<number | null, ChatRoomParticipant>();
    for (const { memberId, workspaceId } of identities) {
      const participant = this.remembered.get(`${uuid} ${memberId}`)?.participant;
      if (participant?.chatRoom.workspaceId !== workspaceId) return null;
      known.set(memberId, participant);
    }
    return known;
  }

  /**
   * That they and their room still are as remembered, once the room's gate is passed and it is their turn. For a
   * statement that is a transaction by itself, so that asking and writing are one.
   */
  unchanged(uuid: string, recalled: Iterable<ChatRoomParticipant>): AppendCondition {
    const senders = [...recalled].map(({ memberId }) => this.remembered.get(`${uuid} ${memberId}`)!);
    const memberIds = senders.map(({ participant }) => participant.memberId);
    return {
      // A subquery is asked once; as a plain condition it would be asked for each row.
      sql: '(SELECT hold_unchanged_chat_room_senders(?, ?, ?))',
      parameters: [uuid, memberIds, senders.map(({ version }) => version)],
    };
  }

  private remember(uuid: string, sender: Sender): void {
    if (this.remembered.size >= MAX_REMEMBERED) this.remembered.clear();
    this.remembered.set(`${uuid} ${sender.participant.memberId}`, sender);
  }
}
