import { Injectable } from '@nestjs/common';
import { type EntityManager, QueryFailedError } from 'typeorm';
import type { JsonValue } from '../../common/json.js';
import { isIndexed, isNumeric, type SchemaField } from './class-schema.js';
import type { ObjectClass } from './object-class.entity.js';
import { objectInvalid, schemaInvalid } from './objects.errors.js';
import type { StoredObject } from './stored-object.entity.js';

const UNIQUE = ['object_values_unique_text', 'object_values_unique_number'];

/** Keeps the table of indexed values in step with the objects, in the transaction that writes them. */
@Injectable()
export class ObjectIndex {
  /** Writes the indexed values of one object anew. */
  async write(manager: EntityManager, { id, data }: StoredObject, of: ObjectClass): Promise<void> {
    const indexed = of.schema.filter(isIndexed);
    if (indexed.length === 0) return;
    await manager.query('DELETE FROM object_values WHERE object_id = $1', [id]);
    const set = indexed.filter(({ name }) => data[name] !== undefined && data[name] !== null);
    if (set.length === 0) return;
    try {
      await manager.query(
        `INSERT INTO object_values (object_id, class_id, field, text_value, number_value, is_unique)
         SELECT $1, $2, * FROM unnest($3::text[], $4::text[], $5::float8[], $6::boolean[])`,
        [
          id,
          of.id,
          set.map(({ name }) => name),
          set.map((field) => (isNumeric(field) ? null : data[field.name])),
          set.map((field) => (isNumeric(field) ? toNumber(data[field.name]!) : null)),
          set.map(({ unique }) => unique === true),
        ],
      );
    } catch (error) {
      const field = violatedField(error);
      throw field === null ? error : objectInvalid({ [field]: ['This field must be unique.'] });
    }
  }

  /** Writes the indexed values of all objects of a class anew, after its schema has changed. */
  async rebuild(manager: EntityManager, of: ObjectClass): Promise<void> {
    await manager.query('DELETE FROM object_values WHERE class_id = $1', [of.id]);
    for (const field of of.schema.filter(isIndexed)) await this.fill(manager, of.id, field);
  }

  private async fill(manager: EntityManager, classId: number, field: SchemaField): Promise<void> {
    const value = 'data ->> $2';
    const number = field.type === 'boolean' ? `(${value})::boolean::int` : `(${value})::float8`;
    const [stored, column] = isNumeric(field) ? [number, 'number_value'] : [value, 'text_value'];
    try {
      // What was stored while the field had another type is left out: it cannot be compared.
      await manager.query(
        `INSERT INTO object_values (object_id, class_id, field, ${column}, is_unique)
         SELECT id, class_id, $2, ${stored}, $3 FROM objects
         WHERE class_id = $1 AND CASE WHEN jsonb_typeof(data -> $2) = $4 THEN true ELSE false END`,
        [classId, field.name, field.unique === true, jsonTypeOf(field)],
      );
    } catch (error) {
      if (violatedField(error) === null) throw error;
      throw schemaInvalid(`Field "${field.name}" has values that are not unique.`);
    }
  }
}

/** How an indexed value is compared where numbers are. */
export function toNumber(value: JsonValue): number {
  return typeof value === 'boolean' ? Number(value) : (value as number);
}

function jsonTypeOf(field: SchemaField): string {
  if (field.type === 'boolean') return 'boolean';
  return isNumeric(field) ? 'number' : 'string';
}

/** The field whose value somebody else has already; null when the write failed for another reason. */
function violatedField(error: unknown): string | null {
  if (!(error instanceof QueryFailedError)) return null;
  const { constraint, detail } = error.driverError as { constraint?: string; detail?: string };
  if (constraint === undefined || !UNIQUE.includes(constraint)) return null;
  return /=\(\d+, (\w+), /.exec(detail ?? '')?.[1] ?? null;
}
