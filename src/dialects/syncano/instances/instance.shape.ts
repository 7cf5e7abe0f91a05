import type { WorkspaceRoleName } from '../../../auth/identity.js';
import type { JsonObject } from '../../../common/json.js';
import type { Account } from '../../../modules/accounts/index.js';
import type { Workspace } from '../../../modules/workspaces/index.js';
import { accountShape } from '../account/account.shape.js';
import { paths } from '../wire/links.js';
import { timestamp } from '../wire/timestamps.js';

/** A workspace as an instance; `role` is what the caller may do there, null for a program. */
export function instanceShape(
  { name, description, metadata, createdAt, updatedAt }: Workspace,
  owner: Account | undefined,
  role: WorkspaceRoleName | null,
): JsonObject {
  return {
    name,
    description,
    owner: owner ? accountShape(owner) : null,
    created_at: timestamp(createdAt),
    updated_at: timestamp(updatedAt),
    role,
    location: 'us1',
    metadata,
    links: {
      self: paths.instance(name),
      api_keys: paths.apiKeys(name),
      channels: paths.channels(name),
      classes: paths.classes(name),
      config: paths.config(name),
      groups: paths.groups(name),
      rename: `${paths.instance(name)}rename/`,
      users: paths.users(name),
    },
  };
}
