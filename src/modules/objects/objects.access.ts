import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import type { Repository } from 'typeorm';
import { type AccessRule, AccessRuleFor, type Decision, type Thing } from '../../access/access-rule.js';
import type { Identity } from '../../auth/identity.js';
import { ClassAccess } from './classes.access.js';
import { type ObjectLevel, objectLevelOf, reachesObject } from './object-level.js';
import { StoredObject } from './stored-object.entity.js';

export interface ObjectThing extends Thing {
  kind: 'object';
  workspaceId: number;
  class: string;
  id: number;
}

/** What each level allows. */
export function objectActions(level: ObjectLevel): ReadonlySet<string> {
  const actions = new Set<string>();
  if (reachesObject(level, 'read')) actions.add('read');
  if (reachesObject(level, 'write')) actions.add('update');
  if (reachesObject(level, 'full')) actions.add('delete');
  return actions;
}

/** Who may do what with one object: its class lets them in, its own permissions say how far. */
@Injectable()
@AccessRuleFor('object')
export class ObjectAccess implements AccessRule<ObjectThing> {
  constructor(
    @InjectRepository(StoredObject) private readonly objects: Repository<StoredObject>,
    private readonly classes: ClassAccess,
  ) {}

  async decide(identity: Identity, { workspaceId, class: name, id }: ObjectThing): Promise<Decision | null> {
    const decision = await this.classes.decide(identity, { kind: 'class', workspaceId, name });
    if (!decision) return null;
    const object = await this.objects.findOneBy({ classId: decision.of.id, id });
    const level = object === null ? 'none' : objectLevelOf(decision.caller, object);
    return level === 'none' ? null : { actions: objectActions(level) };
  }
}
