import { Injectable } from '@nestjs/common';
import { type EntityManager, In } from 'typeorm';
import { DomainError } from '../../common/domain-error.js';
import { MembersService } from '../members/index.js';
import { ChatRoomParticipant } from './chat-room-participant.entity.js';
import type { ChatRoomCompany } from './chat-room.view.js';
import { membersUnknown } from './chat-rooms.errors.js';

interface CompanyRow {
  chat_room_id: string;
  count: string;
  first_ids: string[];
}

/** Puts faces to participants: who they are, and who else is in their rooms. Always for many at once. */
@Injectable()
export class ChatRoomPeople {
  constructor(private readonly members: MembersService) {}

  /** Throws unless all of them are active members of the workspace. In the body of a call that is bad input, not a bad address. */
  async requireActive(manager: EntityManager, workspaceId: number, memberIds: number[]): Promise<void> {
    try {
      await this.members.requireActive(workspaceId, memberIds, manager);
    } catch (error) {
      throw error instanceof DomainError && error.kind === 'not_found' ? membersUnknown(error.details) : error;
    }
  }

  /** Fills in the members of those who come without. */
  async fill(manager: EntityManager, participants: ChatRoomParticipant[]): Promise<void> {
    const unknown = participants.filter(({ member }) => member === undefined);
    if (unknown.length === 0) return;
    const views = await this.members.publicViews([...new Set(unknown.map(({ memberId }) => memberId))], manager);
    for (const participant of unknown) participant.member = views.get(participant.memberId)!;
  }

  /** Participants by id, also of those who have left: what they wrote stays theirs. */
  async find(manager: EntityManager, ids: number[]): Promise<Map<number, ChatRoomParticipant>> {
    if (ids.length === 0) return new Map();
    const found = await manager.find(ChatRoomParticipant, { where: { id: In(ids) }, withDeleted: true });
    await this.fill(manager, found);
    return new Map(found.map((participant) => [participant.id, participant]));
  }

  /** By room id: how many take part, and the `size` who have been there longest. */
  async company(manager: EntityManager, roomIds: number[], size: number): Promise<Map<number, ChatRoomCompany>> {
    const rows: CompanyRow[] = await manager.query(
      `SELECT room.id AS chat_room_id,
              (SELECT count(*) FROM chat_room_participants p
               WHERE p.chat_room_id = room.id AND p.deleted_at IS NULL) AS count,
              ARRAY(SELECT p.id FROM chat_room_participants p
                    WHERE p.chat_room_id = room.id AND p.deleted_at IS NULL ORDER BY p.id LIMIT $2) AS first_ids
       FROM unnest($1::bigint[]) AS room (id)`,
      [[...new Set(roomIds)], size],
    );
    const people = await this.find(
      manager,
      rows.flatMap((row) => row.first_ids.map(Number)),
    );
    return new Map(
      rows.map((row) => {
        const first = row.first_ids.map((id) => people.get(Number(id))!);
        return [Number(row.chat_room_id), { count: Number(row.count), first }];
      }),
    );
  }
}
