/**
 * A form's fields from the JSON Schema of a kind's config. Beyond the standard words it reads `unit`, `labels`
 * (of an enum's values) and `patternHelp`. Everything is typed as text and read back; nothing is compiled,
 * because the content security policy forbids it.
 */

interface TextRules {
  pattern: string | undefined;
  patternHelp: string | undefined;
  minLength: number | undefined;
  maxLength: number | undefined;
  example: string | undefined;
}

export type FieldShape =
  | ({ type: 'text'; suggestions: readonly string[] } & TextRules)
  | {
      type: 'number';
      unit: string | undefined;
      integer: boolean;
      minimum: number | undefined;
      maximum: number | undefined;
    }
  | { type: 'choice'; options: readonly { value: string; label: string }[] }
  | { type: 'switch' }
  | { type: 'list'; item: TextRules; itemsMin: number; itemsMax: number | undefined }
  | { type: 'group'; fields: readonly SchemaField[] };

export interface SchemaField {
  /** Dotted, as the server names it in errors: `condition.threshold`. */
  path: string;
  name: string;
  title: string;
  help: string | undefined;
  /** Whether something has to be typed: a default or null stands for what is left empty otherwise. */
  required: boolean;
  /** Empty means null. */
  nullable: boolean;
  fallback: unknown;
  shape: FieldShape;
}

/** Deeper than any kind nests; a schema that refers to itself ends here. */
const depthMax = 4;

type Json = Record<string, unknown>;

function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function number(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined;
}

function textRules(schema: Json): TextRules {
  return {
    pattern: text(schema.pattern),
    patternHelp: text(schema.patternHelp),
    minLength: number(schema.minLength),
    maxLength: number(schema.maxLength),
    example: Array.isArray(schema.examples) ? text(schema.examples[0]) : undefined,
  };
}

function choiceOf(values: readonly unknown[], labels: unknown): FieldShape {
  const words = isJson(labels) ? labels : {};
  return {
    type: 'choice',
    options: values.map((value) => ({
      value: String(value),
      label: text(words[String(value)]) ?? String(value),
    })),
  };
}

function shapeOf(schema: Json, path: string, depth: number): FieldShape | undefined {
  if (Array.isArray(schema.enum)) return choiceOf(schema.enum, schema.labels);
  switch (schema.type) {
    case 'string': {
      const suggestions = Array.isArray(schema.examples) ? schema.examples.map(String) : [];
      return { type: 'text', suggestions: suggestions.length > 1 ? suggestions : [], ...textRules(schema) };
    }
    case 'number':
    case 'integer':
      return {
        type: 'number',
        unit: text(schema.unit),
        integer: schema.type === 'integer',
        minimum: number(schema.minimum),
        maximum: number(schema.maximum),
      };
    case 'boolean':
      return { type: 'switch' };
    case 'array':
      return {
        type: 'list',
        item: textRules(isJson(schema.items) ? schema.items : {}),
        itemsMin: number(schema.minItems) ?? 0,
        itemsMax: number(schema.maxItems),
      };
    case 'object':
      return depth >= depthMax ? undefined : { type: 'group', fields: fieldsAt(schema, path, depth + 1) };
    default:
      return undefined;
  }
}

/** `anyOf` with null beside one other schema is that schema, and may be left empty. */
function unwrap(schema: Json): { schema: Json; nullable: boolean } {
  const branches = Array.isArray(schema.anyOf) ? schema.anyOf.filter(isJson) : [];
  const [only, more] = branches.filter((branch) => branch.type !== 'null');
  if (only === undefined || more !== undefined) return { schema, nullable: false };
  const { anyOf: _, ...around } = schema;
  return { schema: { ...only, ...around }, nullable: branches.some((branch) => branch.type === 'null') };
}

function fieldsAt(schema: Json, prefix: string, depth: number): SchemaField[] {
  const properties = isJson(schema.properties) ? schema.properties : {};
  const needed = Array.isArray(schema.required) ? schema.required : [];
  return Object.entries(properties).flatMap(([name, given]) => {
    if (!isJson(given)) return [];
    const path = prefix === '' ? name : `${prefix}.${name}`;
    const { schema: own, nullable } = unwrap(given);
    const shape = shapeOf(own, path, depth);
    if (shape === undefined) return [];
    const fallback = own.default;
    return [
      {
        path,
        name,
        title: text(own.title) ?? name,
        help: text(own.description),
        required: needed.includes(name) && fallback === undefined && !nullable,
        nullable,
        fallback,
        shape,
      },
    ];
  });
}

export function fieldsOfSchema(schema: Json): SchemaField[] {
  return fieldsAt(schema, '', 0);
}

/** All fields that hold a value, groups opened. */
export function leavesOf(fields: readonly SchemaField[]): SchemaField[] {
  return fields.flatMap((field) => (field.shape.type === 'group' ? leavesOf(field.shape.fields) : [field]));
}
