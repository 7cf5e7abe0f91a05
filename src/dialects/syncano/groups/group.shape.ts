import type { JsonObject } from '../../../common/json.js';
import type { Group } from '../../../modules/groups/index.js';
import { paths } from '../wire/links.js';

export function groupShape(instance: string, { id, name, label, description }: Group): JsonObject {
  const links = { self: paths.group(instance, id), users: paths.groupUsers(instance, id) };
  return { id, name, label, description, links };
}
