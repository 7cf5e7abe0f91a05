import type { JsonObject } from '../../../common/json.js';
import type { Account } from '../../../modules/accounts/index.js';

/** An administrator, without the key. */
export function accountShape({ id, email, firstName, lastName }: Account): JsonObject {
  return {
    id,
    email,
    first_name: firstName,
    last_name: lastName,
    is_active: false,
    has_password: true,
    metadata: {},
  };
}
