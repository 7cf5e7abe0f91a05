import { Injectable } from '@nestjs/common';
import { type AccessRule, AccessRuleFor, type Decision } from '../../access/access-rule.js';
import type { Identity } from '../../auth/identity.js';

/** The workspace that somebody is in. */
export interface WorkspaceThing {
  kind: 'workspace';
}

const EVERYBODY: Decision = { actions: new Set(['read']) };
const ADMINISTRATOR: Decision = { actions: new Set(['read', 'update']) };

/** Everybody sees the workspace that they are in, administrators change it. */
@Injectable()
@AccessRuleFor('workspace')
export class WorkspaceAccess implements AccessRule<WorkspaceThing> {
  decide(identity: Identity): Promise<Decision> {
    return Promise.resolve(identity.administrator ? ADMINISTRATOR : EVERYBODY);
  }
}
