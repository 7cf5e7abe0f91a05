import { z } from 'zod';
import { id } from '../../common/ids.js';
import { idPageQuery, pageSchema } from '../../common/paging.js';
import { text } from '../../common/text.js';
import { roomTicketsSchema, websocketsFlag } from '../../realtime/room-tokens.schemas.js';
import { CHANNEL_LEVELS } from './channel-level.js';
import { channelName } from './channel-name.js';
import { CHANNEL_TYPES } from './channel.entity.js';
import { channelSchema } from './channel.view.js';

const level = z.enum(CHANNEL_LEVELS);
const description = text(0, 256);
const group = id.nullable();

export const createChannelSchema = z
  .strictObject({
    name: channelName,
    type: z.enum(CHANNEL_TYPES).default('default'),
    description: description.default(''),
    group: group.default(null),
    group_permissions: level.default('none'),
    other_permissions: level.default('none'),
    custom_publish: z.boolean().default(false),
  })
  .meta({ id: 'CreateChannel' });

/** A channel keeps its name and its type for life. */
export const changeChannelSchema = z
  .strictObject({ description, group, group_permissions: level, other_permissions: level, custom_publish: z.boolean() })
  .partial()
  .meta({ id: 'ChangeChannel' });

export const listChannelsSchema = z.strictObject({ ...idPageQuery, websockets: websocketsFlag });

/** A page of channels, and where their stream stood when it was read. */
export const channelPageSchema = pageSchema(channelSchema)
  .extend({ position: z.int(), epoch: z.string(), websockets: roomTicketsSchema.optional() })
  .meta({ id: 'ChannelPage' });

export type CreateChannel = z.infer<typeof createChannelSchema>;
export type ChangeChannel = z.infer<typeof changeChannelSchema>;
export type ListChannels = z.infer<typeof listChannelsSchema>;
export type ChannelPage = z.infer<typeof channelPageSchema>;
