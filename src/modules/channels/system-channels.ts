import type { EntityManager } from 'typeorm';
import { Channel } from './channel.entity.js';

/** The channels that every workspace has: one to publish to at once, one that only the server writes to. */
const SYSTEM_CHANNELS = [
  { name: 'default', customPublish: true },
  { name: 'eventlog', customPublish: false },
];

export function isSystemChannel({ name }: Pick<Channel, 'name'>): boolean {
  return SYSTEM_CHANNELS.some((channel) => channel.name === name);
}

/** In the transaction that makes the workspace. The workspaces of the first migration have theirs from it. */
export async function createSystemChannels(manager: EntityManager, workspaceId: number, now: Date): Promise<void> {
  for (const { name, customPublish } of SYSTEM_CHANNELS) {
    await manager.save(
      Object.assign(new Channel(), {
        workspaceId,
        name,
        type: 'separate_rooms',
        description: '',
        groupId: null,
        groupPermissions: 'none',
        otherPermissions: 'none',
        customPublish,
        ownerMemberId: null,
        createdAt: now,
        updatedAt: now,
      } satisfies Omit<Channel, 'id' | 'version'>),
    );
  }
}
