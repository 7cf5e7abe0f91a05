import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { JsonObject, JsonValue } from '../../common/json.js';
import type { SchemaField } from './class-schema.js';
import type { ObjectClass } from './object-class.entity.js';
import { objectInvalid } from './objects.errors.js';

/** Looks whether what an object refers to is there. */
@Injectable()
export class ObjectReferences {
  /**
   * The values that are stored for `after`. Only what is new in them is looked at: what has gone since may stay named. A
   * reference to nothing is a fault; a relation goes without what is not there.
   */
  async settle(manager: EntityManager, of: ObjectClass, before: JsonObject, after: JsonObject): Promise<JsonObject> {
    const settled = { ...after };
    const faults: Record<string, string[]> = {};
    for (const field of of.schema) {
      const ids = newIds(field, before[field.name], after[field.name]);
      const missing = ids.length === 0 ? [] : await this.missing(manager, of, field, ids);
      if (missing.length === 0) continue;
      if (field.type === 'relation') {
        settled[field.name] = (after[field.name] as number[]).filter((id) => !missing.includes(id));
      } else {
        faults[field.name] = missing.map((id) => `Invalid pk "${id}" - object does not exist.`);
      }
    }
    if (Object.keys(faults).length > 0) throw objectInvalid(faults);
    return settled;
  }

  private async missing(manager: EntityManager, of: ObjectClass, { target }: SchemaField, ids: number[]) {
    const [sql, name] =
      target === 'user'
        ? ['SELECT id FROM members WHERE workspace_id = $1 AND id = ANY($2::bigint[]) AND deleted_at IS NULL', []]
        : [
            `SELECT id FROM objects WHERE workspace_id = $1 AND id = ANY($2::bigint[])
             AND class_id = (SELECT id FROM classes WHERE workspace_id = $1 AND name = $3)`,
            [target === 'self' ? of.name : target],
          ];
    const rows = await manager.query<{ id: string }[]>(sql, [of.workspaceId, ids, ...name]);
    const found = new Set(rows.map(({ id }) => Number(id)));
    return ids.filter((id) => !found.has(id));
  }
}

function newIds({ type }: SchemaField, before: JsonValue | undefined, after: JsonValue | undefined): number[] {
  if (after === undefined || (type !== 'reference' && type !== 'relation')) return [];
  const known = new Set([before ?? []].flat());
  return ([after].flat() as number[]).filter((id) => !known.has(id));
}
