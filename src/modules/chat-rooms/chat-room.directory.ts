import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import type { MemberIdentity } from '../../auth/identity.js';
import type { DomainEvent } from '../../events/domain-event.js';
import { EventLog } from '../../events/event-log.js';
import { isStoredUuid } from './chat-room.participants.js';
import { chatRoomPaths, chatRoomStreams } from './chat-rooms.streams.js';

/** A room as far as somebody needs it who wants to follow it. */
export interface FollowedRoom {
  id: number;
  uuid: string;
  isEmbedded: boolean;
}

interface Row {
  id: string;
  uuid: string;
  is_embedded: boolean;
}

const ROOMS = `
  SELECT room.id, room.uuid, room.is_embedded
  FROM chat_room_participants participant
  JOIN chat_rooms room ON room.id = participant.chat_room_id AND room.deleted_at IS NULL AND room.workspace_id = $2
  WHERE participant.member_id = $1 AND participant.deleted_at IS NULL`;

/** Finds the rooms that a member is in, for those who follow them. What they may hear there is the policy's answer. */
@Injectable()
export class ChatRoomDirectory {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly log: EventLog,
  ) {}

  async all({ memberId, workspaceId }: MemberIdentity): Promise<FollowedRoom[]> {
    return this.find(ROOMS, [memberId, workspaceId]);
  }

  async byId({ memberId, workspaceId }: MemberIdentity, id: number): Promise<FollowedRoom | null> {
    const [room] = await this.find(`${ROOMS} AND room.id = $3`, [memberId, workspaceId, id]);
    return room ?? null;
  }

  async byUuid({ memberId, workspaceId }: MemberIdentity, uuid: string): Promise<FollowedRoom | null> {
    if (!isStoredUuid(uuid)) return null;
    const [room] = await this.find(`${ROOMS} AND room.uuid = $3`, [memberId, workspaceId, uuid]);
    return room ?? null;
  }

  /** The room that a member has come into with this event of their own stream, and where in its stream they came. */
  async openedBy(
    member: MemberIdentity,
    { type, action, resource }: DomainEvent,
  ): Promise<{ room: FollowedRoom; after: number } | null> {
    if (type !== 'chat_room' || action !== 'created' || typeof resource?.uuid !== 'string') return null;
    const room = await this.byUuid(member, resource.uuid);
    return room && { room, after: await this.cameAt(room.uuid, member.memberId) };
  }

  /** The number, in the room's stream, of the event with which the member last came into the room. */
  private async cameAt(uuid: string, memberId: number): Promise<number> {
    const path = chatRoomPaths.participant(uuid, memberId);
    const query = { types: ['participant'], actions: ['created'], path, limit: 1 };
    const [came] = await this.log.history(chatRoomStreams.room(uuid), query);
    return came?.seq ?? 0;
  }

  private async find(sql: string, parameters: unknown[]): Promise<FollowedRoom[]> {
    const rows: Row[] = await this.dataSource.query(sql, parameters);
    return rows.map(({ id, uuid, is_embedded }) => ({ id: Number(id), uuid, isEmbedded: is_embedded }));
  }
}
