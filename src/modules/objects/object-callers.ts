import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Identity } from '../../auth/identity.js';
import { GroupMemberships } from '../groups/index.js';
import type { ObjectCaller } from './class-level.js';

const NO_GROUPS: ReadonlySet<number> = new Set();
const NOBODY: ObjectCaller = { power: 'permitted', memberId: null, groupIds: NO_GROUPS, atMost: 'nothing' };

/** Says what an identity brings along when a class or an object decides about it. */
@Injectable()
export class ObjectCallers {
  constructor(private readonly groups: GroupMemberships) {}

  async of(identity: Identity, manager?: EntityManager): Promise<ObjectCaller> {
    switch (identity.kind) {
      case 'account':
        return { ...NOBODY, power: identity.administrator ? 'all' : 'reading' };
      case 'api_key':
        if (identity.ignoreAcl) return { ...NOBODY, power: 'all' };
        return { ...NOBODY, atMost: identity.allowAnonymousRead ? 'read' : 'nothing' };
      case 'member': {
        const { memberId } = identity;
        if (identity.administrator || identity.ignoreAcl) return { ...NOBODY, power: 'all', memberId };
        const groupIds = new Set(await this.groups.groupIdsOf(memberId, manager));
        return { power: 'permitted', memberId, groupIds, atMost: 'everything' };
      }
    }
  }
}
