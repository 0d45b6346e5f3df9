import { z } from 'zod';

/** A JSON Schema (draft 2020-12), as OpenAPI 3.1 and AsyncAPI 3 take it. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** Turns zod schemas into JSON Schemas that share one set of named ones. */
export interface SchemaBook {
  /** What is sent (`input`: fields with a default may be absent) or answered (`output`). */
  schemaOf(schema: z.ZodType, io: 'input' | 'output'): JsonSchema;
  /** The named schemas that were met, by id, sorted. */
  named(): Readonly<Record<string, JsonSchema>>;
}

const namedBase = '#/components/schemas/';

/** A schema with `.meta({ id })` stands in the book once and is referred to everywhere else. */
export function createSchemaBook(): SchemaBook {
  const book = new Map<string, JsonSchema>();

  const keep = (id: string, schema: JsonSchema): void => {
    const known = book.get(id);
    if (known !== undefined && JSON.stringify(known) !== JSON.stringify(schema)) {
      throw new Error(`“${id}” differs between what is sent and what is answered.`);
    }
    book.set(id, schema);
  };

  return {
    schemaOf: (schema, io) => {
      const converted = z.toJSONSchema(schema, { io, unrepresentable: 'any' });
      for (const [id, definition] of Object.entries(converted.$defs ?? {})) {
        keep(id, rewrite(definition));
      }
      return rewrite({ ...converted, $schema: undefined, $defs: undefined });
    },
    named: () => Object.fromEntries([...book].sort(([one], [other]) => (one < other ? -1 : 1))),
  };
}

/** References within one conversion become references into the book. */
function rewrite(value: unknown): JsonSchema {
  const text = JSON.stringify(value).replaceAll('"#/$defs/', `"${namedBase}`);
  // A JSON Schema that is not a boolean is an object, and stays one.
  return JSON.parse(text) as JsonSchema;
}
