/** In OpenAPI 3.0 a list of values has to name null too, which the schemas made by zod leave out. */
export function nameNullInEnums(part: unknown): void {
  if (typeof part !== 'object' || part === null) return;
  const { nullable, enum: values } = part as { nullable?: unknown; enum?: unknown };
  if (nullable === true && Array.isArray(values) && !values.includes(null)) values.push(null);
  Object.values(part).forEach(nameNullInEnums);
}
