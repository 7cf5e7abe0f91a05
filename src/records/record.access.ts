import { Injectable, type Type } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource, FindOptionsWhere } from 'typeorm';
import { type AccessRule, AccessRuleFor, type Decision, type Thing } from '../access/access-rule.js';
import type { Identity } from '../auth/identity.js';
import { definitionOf, type RecordClass, type StoredRow } from './record-definition.js';
import { decide } from './record-rules.js';

/** A record, or with `id: null` all of them; the kind is the type of the record. */
export interface RecordThing extends Thing {
  id: number | null;
}

/** Answers the access policy from what `@RealtimeRecord` says. */
export function recordAccess<Row extends StoredRow>(entity: RecordClass<Row>): Type<AccessRule<RecordThing>> {
  const definition = definitionOf(entity);

  @Injectable()
  @AccessRuleFor(definition.type)
  class RecordAccess implements AccessRule<RecordThing> {
    constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

    async decide(identity: Identity, { id }: RecordThing): Promise<Decision | null> {
      if (id === null) return decide(definition, identity, null);
      const where = { id, workspaceId: identity.workspaceId } as FindOptionsWhere<Row>;
      const row = await this.dataSource.manager.findOneBy(entity, where);
      return row && decide(definition, identity, row);
    }
  }
  return RecordAccess;
}
