import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Clock } from '../../common/clock.js';
import type { ObjectClass } from './object-class.entity.js';
import { ObjectIndex } from './object-index.js';
import type { ObjectPermissions } from './object-level.js';
import { ObjectReferences } from './object-references.js';
import type { StoredObject } from './stored-object.entity.js';

/** Writes objects together with what is indexed of them. */
@Injectable()
export class ObjectWriter {
  constructor(
    private readonly index: ObjectIndex,
    private readonly references: ObjectReferences,
    private readonly clock: Clock,
  ) {}

  async insert(manager: EntityManager, object: StoredObject, of: ObjectClass): Promise<StoredObject> {
    const data = await this.references.settle(manager, of, {}, object.data);
    const saved = await manager.save(Object.assign(object, { data }));
    await this.index.write(manager, saved, of);
    return saved;
  }

  /** Alters the object and says whether that was a change. The revision counts changes of values only. */
  async update(
    manager: EntityManager,
    object: StoredObject,
    of: ObjectClass,
    after: ObjectPermissions & Pick<StoredObject, 'data'>,
  ): Promise<boolean> {
    const { data: wanted, ...permissions } = after;
    const data = await this.references.settle(manager, of, object.data, wanted);
    const newValues = of.schema.some(({ name }) => JSON.stringify(data[name]) !== JSON.stringify(object.data[name]));
    const newPermissions = Object.entries(permissions).some(
      ([name, value]) => object[name as keyof ObjectPermissions] !== value,
    );
    if (!newValues && !newPermissions) return false;
    if (newValues) Object.assign(object, { data, revision: object.revision + 1 });
    await manager.save(Object.assign(object, permissions, { updatedAt: this.clock.now() }));
    if (newValues) await this.index.write(manager, object, of);
    return true;
  }
}
