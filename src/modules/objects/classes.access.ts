import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import type { EntityManager, Repository } from 'typeorm';
import { type AccessRule, AccessRuleFor, type Decision, type Thing } from '../../access/access-rule.js';
import type { Identity } from '../../auth/identity.js';
import { type ClassLevel, classLevelOf, type ObjectCaller, reachesClass } from './class-level.js';
import { ObjectCallers } from './object-callers.js';
import { ObjectClass } from './object-class.entity.js';
import { classForbidden, classNotFound } from './objects.errors.js';

export type ClassAction = 'read' | 'create_objects' | 'update' | 'delete';

export interface ClassThing extends Thing {
  kind: 'class';
  workspaceId: number;
  name: string;
}

/** The class of this name in the identity's own workspace. */
export function classThing({ workspaceId }: Identity, name: string): ClassThing {
  return { kind: 'class', workspaceId, name };
}

/** The decision, with the class and the caller that it was made about. */
export interface ClassDecision extends Decision {
  of: ObjectClass;
  caller: ObjectCaller;
  level: ClassLevel;
  actions: ReadonlySet<ClassAction>;
}

/** `objects`: its schema stays as it is until the transaction ends. `alone`: nobody writes objects of it either. */
export interface ClassReading {
  manager: EntityManager;
  hold: 'objects' | 'alone';
}

/** Who may do what with one class. */
@Injectable()
@AccessRuleFor('class')
export class ClassAccess implements AccessRule<ClassThing> {
  constructor(
    @InjectRepository(ObjectClass) private readonly classes: Repository<ObjectClass>,
    private readonly callers: ObjectCallers,
  ) {}

  async decide(identity: Identity, thing: ClassThing, reading?: ClassReading): Promise<ClassDecision | null> {
    const { workspaceId, name } = thing;
    if (workspaceId !== identity.workspaceId) return null;
    const of = await this.find(workspaceId, name, reading);
    if (!of) return null;
    const caller = await this.callers.of(identity, reading?.manager);
    const level = classLevelOf(caller, of);
    if (level === 'none') return null;
    const actions = new Set<ClassAction>(['read']);
    if (reachesClass(level, 'create_objects')) actions.add('create_objects');
    if (identity.administrator) actions.add('update').add('delete');
    return { of, caller, level, actions };
  }

  /** Missing and invisible classes give the same error. */
  async require(identity: Identity, action: ClassAction, name: string, reading?: ClassReading): Promise<ClassDecision> {
    const decision = await this.decide(identity, classThing(identity, name), reading);
    if (decision === null) throw classNotFound();
    if (!decision.actions.has(action)) throw classForbidden();
    return decision;
  }

  /** The class itself, whoever asks. */
  find(workspaceId: number, name: string, reading?: ClassReading): Promise<ObjectClass | null> {
    // What the database cannot even be asked for is nobody's name.
    if (!/^\w{1,64}$/.test(name)) return Promise.resolve(null);
    const where = { workspaceId, name: name.toLowerCase() };
    if (!reading) return this.classes.findOneBy(where);
    const mode = reading.hold === 'alone' ? 'pessimistic_write' : 'for_key_share';
    return reading.manager.findOne(ObjectClass, { where, lock: { mode } });
  }
}
