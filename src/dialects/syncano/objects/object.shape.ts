import type { JsonObject } from '../../../common/json.js';
import { paths } from '../wire/links.js';
import { timestamp } from '../wire/timestamps.js';

/** Keys that stand before the fields of the class, in the order of the dialect. */
export function objectShape(instance: string, className: string, view: JsonObject): JsonObject {
  const { id, created_at, updated_at, revision, owner, owner_permissions, group, ...others } = view;
  const { group_permissions, other_permissions, channel, channel_room, ...fields } = others;
  return {
    id: id!,
    created_at: timestamp(created_at as string),
    updated_at: timestamp(updated_at as string),
    revision: revision!,
    owner: owner!,
    owner_permissions: owner_permissions!,
    group: group!,
    group_permissions: group_permissions!,
    other_permissions: other_permissions!,
    channel: channel!,
    channel_room: channel_room!,
    ...fields,
    links: {
      self: paths.object(instance, className, id as number),
      ...(typeof owner === 'number' && { owner: paths.user(instance, owner) }),
      ...(typeof group === 'number' && { group: paths.group(instance, group) }),
      ...(typeof channel === 'string' && { channel: paths.channel(instance, channel) }),
    },
  };
}
