import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import type { MemberIdentity } from '../../auth/identity.js';
import { EventLog } from '../../events/event-log.js';
import { chatRoomPaths, chatRoomStreams } from './chat-rooms.streams.js';

/** A room as far as somebody needs it who wants to follow it. */
export interface FollowedRoom {
  id: number;
  uuid: string;
  isEmbedded: boolean;
  /** What it is called depends on who looks. */
  nameless: boolean;
}

interface Row {
  id: string;
  uuid: string;
  is_embedded: boolean;
  nameless: boolean;
}

const ROOMS = `
  SELECT room.id, room.uuid, room.is_embedded, room.name IS NULL AS nameless
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
    const [room] = await this.find(`${ROOMS} AND room.uuid::text = $3`, [memberId, workspaceId, uuid]);
    return room ?? null;
  }

  /** The number, in the room's stream, of the event with which the member last came into the room. */
  async cameAt(uuid: string, memberId: number): Promise<number> {
    const path = chatRoomPaths.participant(uuid, memberId);
    const query = { types: ['participant'], actions: ['created'], path, limit: 1 };
    const [came] = await this.log.history(chatRoomStreams.room(uuid), query);
    return came?.seq ?? 0;
  }

  private async find(sql: string, parameters: unknown[]): Promise<FollowedRoom[]> {
    const rows: Row[] = await this.dataSource.query(sql, parameters);
    return rows.map(({ id, uuid, is_embedded, nameless }) => ({
      id: Number(id),
      uuid,
      isEmbedded: is_embedded,
      nameless,
    }));
  }
}
