import type { JsonObject } from '../../../common/json.js';
import type { Channel } from '../../../modules/channels/index.js';
import { paths } from '../wire/links.js';
import { timestamp } from '../wire/timestamps.js';

export function channelShape(instance: string, channel: Channel): JsonObject {
  const self = paths.channel(instance, channel.name);
  return {
    name: channel.name,
    type: channel.type,
    description: channel.description,
    group: channel.groupId,
    group_permissions: channel.groupPermissions,
    other_permissions: channel.otherPermissions,
    created_at: timestamp(channel.createdAt),
    updated_at: timestamp(channel.updatedAt),
    custom_publish: channel.customPublish,
    links: {
      self,
      poll: `${self}poll/`,
      publish: `${self}publish/`,
      history: `${self}history/`,
      ...(channel.groupId !== null && { group: paths.group(instance, channel.groupId) }),
    },
  };
}
