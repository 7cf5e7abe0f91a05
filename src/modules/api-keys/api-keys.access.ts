import { Injectable } from '@nestjs/common';
import { type AccessRule, AccessRuleFor, type Decision } from '../../access/access-rule.js';
import { hasRole, type Identity } from '../../auth/identity.js';

/** A key, or with `id: null` the keys of the workspace as a whole. */
export interface ApiKeyThing {
  kind: 'api_key';
  id: number | null;
}

const FULL: Decision = { actions: new Set(['read', 'list', 'create', 'update', 'delete']) };
const OWN: Decision = { actions: new Set(['read']) };

/** Keys open more than most roles do: administrators and accounts with full rights deal with them, a program sees its own. */
@Injectable()
@AccessRuleFor('api_key')
export class ApiKeyAccess implements AccessRule<ApiKeyThing> {
  async decide(identity: Identity, { id }: ApiKeyThing): Promise<Decision | null> {
    if (identity.kind === 'account') return hasRole(identity, 'full') ? FULL : null;
    if (identity.administrator) return FULL;
    return id !== null && id === identity.apiKeyId ? OWN : null;
  }
}
