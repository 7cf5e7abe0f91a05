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
    await this.references.check(manager, of, {}, object.data);
    const saved = await manager.save(object);
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
    const { data, ...permissions } = after;
    const newValues = of.schema.some(({ name }) => JSON.stringify(data[name]) !== JSON.stringify(object.data[name]));
    const newPermissions = Object.entries(permissions).some(
      ([name, value]) => object[name as keyof ObjectPermissions] !== value,
    );
    if (!newValues && !newPermissions) return false;
    if (newValues) {
      await this.references.check(manager, of, object.data, data);
      Object.assign(object, { data, revision: object.revision + 1 });
    }
    await manager.save(Object.assign(object, permissions, { updatedAt: this.clock.now() }));
    if (newValues) await this.index.write(manager, object, of);
    return true;
  }
}
