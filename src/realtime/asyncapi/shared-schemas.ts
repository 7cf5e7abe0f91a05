import { z } from 'zod';

type JsonSchema = Record<string, unknown>;

/** JSON schemas of one document: those that have a name stand once, under `components`, and are referred to. */
export class SharedSchemas {
  private readonly named = new Map<string, JsonSchema>();

  /** @param io whether it is what a client sends (`input`) or what is sent to it. */
  add(schema: z.ZodType, io: 'input' | 'output'): JsonSchema {
    const converted = z.toJSONSchema(schema, { target: 'draft-7', io, unrepresentable: 'any', override: shorten });
    // What is sent has no other keys, so the two sides of one schema differ.
    const suffix = io === 'input' ? 'Input' : '';
    const { $schema: _draft, definitions = {}, ...rest } = relocated(converted as JsonSchema, suffix);
    for (const [name, one] of Object.entries(definitions as Record<string, JsonSchema>)) {
      this.named.set(name + suffix, one);
    }
    return rest;
  }

  /** In the order of their names. */
  get all(): Record<string, JsonSchema> {
    return Object.fromEntries([...this.named].sort(([one], [other]) => (one < other ? -1 : 1)));
  }
}

/** The name of a format says it all to a reader. */
function shorten({ jsonSchema }: { jsonSchema: z.core.JSONSchema.BaseSchema }): void {
  if (jsonSchema.format !== undefined) delete jsonSchema.pattern;
}

function relocated(schema: JsonSchema, suffix: string): JsonSchema {
  const text = JSON.stringify(schema).replace(/"#\/definitions\/([^"]+)"/g, `"#/components/schemas/$1${suffix}"`);
  return JSON.parse(text) as JsonSchema;
}
