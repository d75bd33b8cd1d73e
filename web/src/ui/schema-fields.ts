/**
 * A form's fields from the JSON Schema of a kind's config. Beyond the standard words it reads `unit`, `labels`
 * (of an enum's values), `patternHelp` and `advanced`. Everything is typed as text and read back; nothing is compiled,
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
  | ({ type: 'text'; suggestions: readonly string[]; isLong: boolean } & TextRules)
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
  /** Names of the operator's own choice, each with a value: "Name: value", one on each line. */
  | { type: 'pairs'; name: TextRules; value: TextRules; itemsMax: number | undefined }
  /** Several of the same kind, each with a few fields of its own. */
  | { type: 'rows'; columns: readonly SchemaField[]; itemsMax: number | undefined }
  /** A string, a number or a truth value, told apart as in JSON; anything else is a string. */
  | { type: 'scalar' }
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
  /** Few need it: offered, but folded away. */
  advanced: boolean;
  shape: FieldShape;
}

/** Deeper than any kind nests; a schema that refers to itself ends here. */
const depthMax = 4;
/** A text that may be longer than this gets several lines. */
const lineLengthMax = 4_000;

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
      return {
        type: 'text',
        suggestions: suggestions.length > 1 ? suggestions : [],
        isLong: (number(schema.maxLength) ?? 0) > lineLengthMax,
        ...textRules(schema),
      };
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
      return listOf(schema, depth);
    case 'object':
      if (!isJson(schema.properties)) return pairsOf(schema);
      return depth >= depthMax ? undefined : { type: 'group', fields: fieldsAt(schema, path, depth + 1) };
    default:
      return undefined;
  }
}

function listOf(schema: Json, depth: number): FieldShape {
  const items = isJson(schema.items) ? schema.items : {};
  const itemsMax = number(schema.maxItems);
  if (items.type === 'object') return { type: 'rows', columns: fieldsAt(items, '', depth + 1), itemsMax };
  return { type: 'list', item: textRules(items), itemsMin: number(schema.minItems) ?? 0, itemsMax };
}

function pairsOf(schema: Json): FieldShape {
  const [pattern, value] =
    Object.entries(isJson(schema.patternProperties) ? schema.patternProperties : {})[0] ?? [];
  return {
    type: 'pairs',
    name: textRules({ pattern }),
    value: textRules(isJson(value) ? value : {}),
    itemsMax: number(schema.maxProperties),
  };
}

/** A choice between plain values only. */
function isScalar(schema: Json): boolean {
  const branches = Array.isArray(schema.anyOf) ? schema.anyOf.filter(isJson) : [];
  return (
    branches.length > 1 &&
    branches.every(({ type }) => ['string', 'number', 'boolean'].includes(String(type)))
  );
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
    const shape: FieldShape | undefined = isScalar(own) ? { type: 'scalar' } : shapeOf(own, path, depth);
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
        advanced: own.advanced === true,
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
