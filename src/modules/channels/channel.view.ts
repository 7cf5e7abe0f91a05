import { z } from 'zod';
import { CHANNEL_LEVELS, type ChannelPermissions } from './channel-level.js';
import { CHANNEL_TYPES, type Channel } from './channel.entity.js';

/** The one public shape of a channel, in replies and events alike. */
export const channelSchema = z
  .strictObject({
    id: z.int(),
    name: z.string(),
    type: z.enum(CHANNEL_TYPES),
    description: z.string(),
    group: z.int().nullable(),
    group_permissions: z.enum(CHANNEL_LEVELS),
    other_permissions: z.enum(CHANNEL_LEVELS),
    custom_publish: z.boolean(),
    created_at: z.iso.datetime(),
    updated_at: z.iso.datetime(),
  })
  .meta({ id: 'Channel' });

export type ChannelView = z.infer<typeof channelSchema>;

export function toChannelView(channel: Channel): ChannelView {
  return {
    id: channel.id,
    name: channel.name,
    type: channel.type,
    description: channel.description,
    group: channel.groupId,
    group_permissions: channel.groupPermissions,
    other_permissions: channel.otherPermissions,
    custom_publish: channel.customPublish,
    created_at: channel.createdAt.toISOString(),
    updated_at: channel.updatedAt.toISOString(),
  };
}

/** What an event about a channel says about who could see it when it happened. */
export function permissionsIn(view: ChannelView): ChannelPermissions {
  return {
    groupId: view.group,
    groupPermissions: view.group_permissions,
    otherPermissions: view.other_permissions,
  };
}
