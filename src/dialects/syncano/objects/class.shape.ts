import type { JsonObject } from '../../../common/json.js';
import type { ObjectClass } from '../../../modules/objects/index.js';
import { paths } from '../wire/links.js';
import { timestamp } from '../wire/timestamps.js';

export function classShape(instance: string, of: ObjectClass, objectsCount: number): JsonObject {
  return {
    name: of.name,
    description: of.description,
    schema: of.schema.map((field) => ({ ...field }) as JsonObject),
    status: 'ready',
    created_at: timestamp(of.createdAt),
    updated_at: timestamp(of.updatedAt),
    objects_count: objectsCount,
    revision: of.revision,
    group: of.groupId,
    group_permissions: of.groupPermissions,
    other_permissions: of.otherPermissions,
    metadata: of.metadata,
    links: {
      self: paths.class(instance, of.name),
      objects: paths.objects(instance, of.name),
      ...(of.groupId !== null && { group: paths.group(instance, of.groupId) }),
    },
  };
}
