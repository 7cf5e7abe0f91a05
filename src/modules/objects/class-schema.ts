/** The types that a field may have. */
export const FIELD_TYPES = [
  'string',
  'text',
  'integer',
  'float',
  'boolean',
  'datetime',
  'file',
  'reference',
  'relation',
  'object',
  'array',
  'geopoint',
] as const;
export type FieldType = (typeof FIELD_TYPES)[number];

/** One field of a class, as it is stored and shown. */
export interface SchemaField {
  name: string;
  type: FieldType;
  order_index?: true;
  filter_index?: true;
  unique?: true;
  /** Of a reference or relation: the name of a class, `self`, or `user`. */
  target?: string;
}

const MAX_FIELDS = 32;
const MAX_INDEXES = 16;
const MAX_NAME = 64;
const NAME = /^[A-Za-z][A-Za-z0-9_]*$/;
const COMPARABLE: readonly FieldType[] = ['string', 'integer', 'float', 'boolean', 'datetime', 'reference'];
const LISTS_AND_PLACES: readonly FieldType[] = ['array', 'relation', 'geopoint'];

/** What every object has; no field can have one of these names. */
export const OBJECT_FIELDS = [
  'id',
  'created_at',
  'updated_at',
  'revision',
  'owner',
  'owner_permissions',
  'group',
  'group_permissions',
  'other_permissions',
  'channel',
  'channel_room',
] as const;
const RESERVED = new Set<string>([...OBJECT_FIELDS, 'expected_revision', 'links', 'self', 'class']);

/** The schema, or what is wrong with it. `targets` says whether a class of that name is there to refer to. */
export function readSchema(
  sent: unknown,
  targets: (name: string) => boolean,
): { schema: SchemaField[] } | { fault: string } {
  if (!Array.isArray(sent)) return { fault: 'Schema passed in invalid format.' };
  if (sent.length > MAX_FIELDS) return { fault: `Too many properties defined, exceeds ${MAX_FIELDS}.` };
  const schema: SchemaField[] = [];
  for (const [index, entry] of (sent as unknown[]).entries()) {
    const field = readField(entry, schema, targets);
    if (typeof field !== 'string') schema.push(field);
    else return { fault: `Error processing field definition "${nameIn(entry)}" #${index}: ${field}` };
  }
  const indexes = schema.flatMap((field) => [field.filter_index ?? field.unique, field.order_index]).filter(Boolean);
  if (indexes.length > MAX_INDEXES) return { fault: `Too many indexes defined, exceeds ${MAX_INDEXES}.` };
  return { schema };
}

/** The field, or what is wrong with it. */
function readField(entry: unknown, before: SchemaField[], targets: (name: string) => boolean): SchemaField | string {
  if (typeof entry !== 'object' || entry === null) return 'Field name and type is required.';
  const { name, type, target, ...flags } = entry as Record<string, unknown>;
  if (typeof name !== 'string' || typeof type !== 'string') return 'Field name and type is required.';
  if (!NAME.test(name)) return 'Invalid field name.';
  if (name.length > MAX_NAME) return `Field name exceeds ${MAX_NAME} characters.`;
  if (RESERVED.has(name)) return `Field name "${name}" is reserved.`;
  if (before.some((field) => field.name === name)) return 'Field names should be unique.';
  const known = FIELD_TYPES.find((one) => one === type);
  if (known === undefined) return 'Invalid field type.';
  const field: SchemaField = { name, type: known };
  for (const flag of ['order_index', 'filter_index', 'unique'] as const) {
    if (flags[flag] === undefined || flags[flag] === false) continue;
    if (flags[flag] !== true) return `Invalid value of "${flag}".`;
    const allowed = COMPARABLE.includes(known) || (flag === 'filter_index' && LISTS_AND_PLACES.includes(known));
    if (!allowed) return `Fields of type "${known}" cannot have ${flag === 'filter_index' ? 'an index' : `"${flag}"`}.`;
    field[flag] = true;
  }
  if (known !== 'reference' && known !== 'relation') return field;
  if (typeof target !== 'string' || target === '') return 'Field target is required.';
  const named = target.toLowerCase();
  if (named !== 'self' && named !== 'user' && !targets(named))
    return `Class "${target.slice(0, MAX_NAME)}" does not exist.`;
  return { ...field, target: named };
}

function nameIn(entry: unknown): string {
  const name = (entry as { name?: unknown } | null)?.name;
  return typeof name === 'string' ? name.slice(0, MAX_NAME) : '';
}

/** The classes that a schema refers to. */
export function targetNames(sent: unknown): string[] {
  if (!Array.isArray(sent)) return [];
  const targets = (sent as unknown[]).map((entry) => (entry as { target?: unknown } | null)?.target);
  return targets.filter((target) => typeof target === 'string').map((target) => target.toLowerCase());
}

/** Whether the field can be filtered or sorted by its value, and is therefore kept in an index. */
export function isIndexed({ type, filter_index, order_index, unique }: SchemaField): boolean {
  return COMPARABLE.includes(type) && (filter_index === true || order_index === true || unique === true);
}

/** Whether the value is no single one: it can be searched, but not compared, and stands in no index. */
export function isListOrPlace({ type }: SchemaField): boolean {
  return LISTS_AND_PLACES.includes(type);
}

/** The class that a reference or relation leads to; null for users, and for what leads nowhere. */
export function targetClass({ target }: SchemaField, of: { name: string }): string | null {
  if (target === undefined || target === 'user') return null;
  return target === 'self' ? of.name : target;
}

/** Numbers are compared as numbers, everything else as text. */
export function isNumeric({ type }: SchemaField): boolean {
  return type !== 'string' && type !== 'datetime';
}
