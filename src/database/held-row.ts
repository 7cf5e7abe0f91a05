import type { EntityManager, EntityTarget, FindOptionsWhere, ObjectLiteral } from 'typeorm';

/**
 * The row, which nobody else can change until the transaction ends; others may still refer to it meanwhile.
 * Throws what `missing` makes when there is none.
 */
export async function heldRow<Row extends ObjectLiteral>(
  manager: EntityManager,
  entity: EntityTarget<Row>,
  where: FindOptionsWhere<Row>,
  missing: () => Error,
): Promise<Row> {
  const row = await manager.findOne(entity, { where, lock: { mode: 'for_no_key_update' } });
  if (!row) throw missing();
  return row;
}
