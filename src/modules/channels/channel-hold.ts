import type { EntityManager } from 'typeorm';
import { Channel } from './channel.entity.js';

/**
 * `shared`: the channel neither changes nor goes until the transaction ends; any number may publish meanwhile.
 * `alone`: nobody publishes either. Every writer of channels holds them so, before any row or stream.
 */
export type ChannelHold = 'shared' | 'alone';

/** A row of `channels` as it comes from the database. */
export type ChannelRow = Record<string, unknown> & { created_at: Date; updated_at: Date };

/** The channel as it is once it is held; in one round trip, because every message takes it. */
export async function holdChannel(
  manager: EntityManager,
  workspaceId: number,
  name: string,
  hold: ChannelHold,
): Promise<Channel | null> {
  const sql = 'SELECT * FROM hold_channel($1, $2, $3)';
  const [row] = await manager.query<ChannelRow[]>(sql, [workspaceId, name, hold === 'alone']);
  return row ? toChannel(row) : null;
}

export function toChannel(row: ChannelRow): Channel {
  const idOrNull = (value: unknown): number | null => (value === null ? null : Number(value));
  return Object.assign(new Channel(), {
    id: Number(row.id),
    workspaceId: Number(row.workspace_id),
    name: row.name,
    type: row.type,
    description: row.description,
    groupId: idOrNull(row.group_id),
    groupPermissions: row.group_permissions,
    otherPermissions: row.other_permissions,
    customPublish: row.custom_publish,
    ownerMemberId: idOrNull(row.owner_member_id),
    version: row.version,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  });
}
