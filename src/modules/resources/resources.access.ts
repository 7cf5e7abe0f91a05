import { Injectable } from '@nestjs/common';
import { AccessPolicy } from '../../access/access-policy.js';
import { type AccessRule, AccessRuleFor, type Decision, type Thing } from '../../access/access-rule.js';
import type { Identity } from '../../auth/identity.js';
import type { MemberThing } from '../members/index.js';
import type { ResourceAddress } from './resource-address.js';
import { ResourceOrganizations } from './resource-organizations.js';

/** A document, whether it exists or not; or all of one member, or with `memberId: null` all that everybody may read. */
export interface ResourceThing extends Thing {
  kind: 'resource';
  of: ResourceAddress | { kind: 'list'; memberId: number | null };
}

const READING: Decision = { actions: new Set(['read', 'subscribe']) };
const WRITING: Decision = { actions: new Set(['read', 'subscribe', 'write']) };

/**
 * Who may do what with documents. What is private is its member's to read, and a program's to read and write; of that
 * members write only their own client store. What is public everybody reads, and administrators write.
 */
@Injectable()
@AccessRuleFor('resource')
export class ResourceAccess implements AccessRule<ResourceThing> {
  constructor(
    private readonly policy: AccessPolicy,
    private readonly organizations: ResourceOrganizations,
  ) {}

  async decide(identity: Identity, { of }: ResourceThing): Promise<Decision | null> {
    if (of.kind !== 'list' && !(await this.organizations.belongs(of, identity))) return null;
    if (of.memberId === null) return identity.administrator && of.kind !== 'list' ? WRITING : READING;
    if (of.memberId === identity.memberId) {
      const writes =
        (of.kind === 'kv' && of.store === 'client') || (of.kind === 'collection' && identity.administrator);
      return writes ? WRITING : READING;
    }
    if (!reachesOthers(identity, of.kind)) return null;
    const member: MemberThing = { kind: 'member', id: of.memberId };
    return (await this.policy.can(identity, 'read', member)) ? WRITING : null;
  }
}

/** Collections of members are balances, which administrators may put right; keys are nobody's business but a program's. */
function reachesOthers(identity: Identity, kind: ResourceThing['of']['kind']): boolean {
  return identity.kind === 'api_key' || (identity.administrator && kind === 'collection');
}
