import { leavesOf, type SchemaField } from './schema-fields';
import { readTimeText, timeText, unitMs } from './time-text';

/** What has been typed, by the path of its field. */
export type Draft = Readonly<Record<string, DraftValue>>;
export type DraftValue = string | boolean | readonly DraftRow[];
/** One of several: what has been typed, by the name of the field. */
export type DraftRow = Readonly<Record<string, string>>;

export interface DraftWords {
  required: string;
  number: string;
  whole: string;
  time: string;
  choose: string;
  invalid: string;
  /** A line that is not "Name: value". */
  pair: string;
  min: (limit: string) => string;
  max: (limit: string) => string;
  lengthMin: (limit: number) => string;
  lengthMax: (limit: number) => string;
  itemsMin: (limit: number) => string;
  itemsMax: (limit: number) => string;
  /** One line of several: "old@: Write an address …". */
  item: (item: string, problem: string) => string;
}

interface DraftOptions {
  /** Fields that are written, never shown. */
  secrets?: readonly string[];
  /** Secrets that are set already: left empty they stay. */
  kept?: readonly string[];
  /** Secrets that the server makes when they are left out. */
  generated?: readonly string[];
}

export type Reading = { config: Record<string, unknown>; errors: Readonly<Record<string, string>> };

function at(config: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>(
      (value, name) =>
        typeof value === 'object' && value !== null
          ? Object.entries(value).find(([key]) => key === name)?.[1]
          : undefined,
      config,
    );
}

function typed(field: SchemaField, value: unknown): DraftValue {
  const { shape } = field;
  if (shape.type === 'rows') {
    return (Array.isArray(value) ? value : []).map((row: unknown) =>
      Object.fromEntries(
        shape.columns.map((column) => [column.name, typedLine(column, at(row, column.name))]),
      ),
    );
  }
  if (shape.type === 'pairs') {
    const entries = typeof value === 'object' && value !== null ? Object.entries(value) : [];
    return entries.map(([name, text]) => `${name}: ${String(text)}`).join('\n');
  }
  if (shape.type === 'switch') return value === true;
  return typedLine(field, value);
}

/** What fits into one field of text. */
function typedLine(field: SchemaField, value: unknown): string {
  const { shape } = field;
  if (shape.type === 'list') return Array.isArray(value) ? value.map(String).join('\n') : '';
  if (value === undefined || value === null) return '';
  if (shape.type === 'number' && typeof value === 'number') return numberText(value, shape.unit);
  if (shape.type === 'scalar') return scalarText(value);
  return String(value);
}

/** A string that would be read as something else is written in quotes. */
function scalarText(value: unknown): string {
  return typeof value === 'string' && readScalar(value) === value ? value : JSON.stringify(value);
}

function readScalar(text: string): string | number | boolean {
  if (text === 'true' || text === 'false') return text === 'true';
  if (/^-?\d+(\.\d+)?$/.test(text)) return Number(text);
  try {
    const quoted: unknown = /^".*"$/s.test(text) ? JSON.parse(text) : text;
    return typeof quoted === 'string' ? quoted : text;
  } catch {
    return text;
  }
}

/** A number as it is typed: spans of time with the unit that suits them, everything else as it is. */
function numberText(value: number, unit: string | undefined): string {
  return unit !== undefined && unitMs(unit) !== undefined ? timeText(value, unit) : String(value);
}

export function draftOf(
  fields: readonly SchemaField[],
  config: Readonly<Record<string, unknown>>,
  { secrets = [] }: DraftOptions = {},
): Draft {
  return Object.fromEntries(
    leavesOf(fields).map((field) => {
      const value = at(config, field.path);
      const shown = secrets.includes(field.path)
        ? undefined
        : (value ?? (value === null ? null : field.fallback));
      return [field.path, typed(field, shown)];
    }),
  );
}

type Outcome = { value: unknown } | { error: string };

/** `value: undefined` leaves the field out: the server fills in its default, or keeps the secret. */
function read(field: SchemaField, raw: DraftValue, words: DraftWords, mayStayEmpty: boolean): Outcome {
  const { shape } = field;
  if (typeof raw === 'object')
    return shape.type === 'rows' ? readRows(shape.columns, raw, words) : { value: undefined };
  if (typeof raw === 'boolean') return { value: raw };
  const entered = shape.type === 'list' || shape.type === 'pairs' ? raw : raw.trim();
  if (entered.trim() === '') {
    if (field.nullable) return { value: null };
    if (!field.required || mayStayEmpty) return { value: undefined };
    return { error: shape.type === 'choice' ? words.choose : words.required };
  }
  switch (shape.type) {
    case 'number':
      return readNumber(shape, entered, words);
    case 'list':
      return readList(shape, entered, words);
    case 'pairs':
      return readPairs(shape, entered, words);
    case 'scalar':
      return { value: readScalar(entered) };
    case 'choice':
      return shape.options.some((option) => option.value === entered)
        ? { value: entered }
        : { error: words.choose };
    case 'text': {
      const error = textProblem(shape, entered, words);
      return error === undefined ? { value: entered } : { error };
    }
    default:
      return { value: undefined };
  }
}

interface NumberShape {
  unit: string | undefined;
  integer: boolean;
  minimum: number | undefined;
  maximum: number | undefined;
}

function readNumber(
  { unit, integer, minimum, maximum }: NumberShape,
  entered: string,
  words: DraftWords,
): Outcome {
  const isTime = unit !== undefined && unitMs(unit) !== undefined;
  const value = isTime ? readTimeText(entered, unit) : Number(entered.replace(',', '.'));
  if (value === undefined || !Number.isFinite(value)) return { error: isTime ? words.time : words.number };
  if (integer && !Number.isInteger(value)) return { error: words.whole };
  const limit = (bound: number) => (isTime ? timeText(bound, unit) : `${bound}${unit === '%' ? ' %' : ''}`);
  if (minimum !== undefined && value < minimum) return { error: words.min(limit(minimum)) };
  if (maximum !== undefined && value > maximum) return { error: words.max(limit(maximum)) };
  return { value };
}

interface TextShape {
  pattern: string | undefined;
  patternHelp: string | undefined;
  minLength: number | undefined;
  maxLength: number | undefined;
}

function textProblem(shape: TextShape, entered: string, words: DraftWords): string | undefined {
  const { pattern, patternHelp, minLength, maxLength } = shape;
  if (minLength !== undefined && entered.length < minLength) return words.lengthMin(minLength);
  if (maxLength !== undefined && entered.length > maxLength) return words.lengthMax(maxLength);
  if (pattern !== undefined && !new RegExp(pattern, 'u').test(entered)) return patternHelp ?? words.invalid;
  return undefined;
}

interface ListShape {
  item: TextShape;
  itemsMin: number;
  itemsMax: number | undefined;
}

function readList({ item, itemsMin, itemsMax }: ListShape, entered: string, words: DraftWords): Outcome {
  const items = entered
    .split(/[\n,;]/)
    .map((each) => each.trim())
    .filter((each) => each !== '');
  if (items.length < itemsMin) return { error: words.itemsMin(itemsMin) };
  if (itemsMax !== undefined && items.length > itemsMax) return { error: words.itemsMax(itemsMax) };
  for (const each of items) {
    const problem = textProblem(item, each, words);
    if (problem !== undefined) return { error: words.item(each, problem) };
  }
  return { value: items };
}

interface PairsShape {
  name: TextShape;
  value: TextShape;
  itemsMax: number | undefined;
}

function readPairs({ name, value, itemsMax }: PairsShape, entered: string, words: DraftWords): Outcome {
  const lines = entered.split('\n').filter((line) => line.trim() !== '');
  if (itemsMax !== undefined && lines.length > itemsMax) return { error: words.itemsMax(itemsMax) };
  const pairs: [string, string][] = [];
  for (const line of lines) {
    const colon = line.indexOf(':');
    const [key, text] = [line.slice(0, Math.max(colon, 0)).trim(), line.slice(colon + 1).trim()];
    const problem =
      colon < 1 || textProblem(name, key, words) !== undefined ? words.pair : textProblem(value, text, words);
    if (problem !== undefined) return { error: words.item(line.trim(), problem) };
    pairs.push([key, text]);
  }
  return { value: Object.fromEntries(pairs) };
}

/** Rows in which nothing was typed are no rows. */
function readRows(columns: readonly SchemaField[], rows: readonly DraftRow[], words: DraftWords): Outcome {
  const value: Record<string, unknown>[] = [];
  for (const row of rows) {
    const filled = columns.filter((column) => (row[column.name] ?? '').trim() !== '');
    if (filled.length === 0) continue;
    const one: Record<string, unknown> = {};
    for (const column of columns) {
      const outcome = read(column, row[column.name] ?? '', words, false);
      if ('error' in outcome) return { error: `${column.title}: ${outcome.error}` };
      if (outcome.value !== undefined) one[column.name] = outcome.value;
    }
    value.push(one);
  }
  return { value: value.length === 0 ? undefined : value };
}

/** The config as the server takes it, and what stands in the way, by field. */
export function readDraft(
  fields: readonly SchemaField[],
  draft: Draft,
  words: DraftWords,
  { kept = [], generated = [] }: DraftOptions = {},
): Reading {
  const errors: Record<string, string> = {};
  function collect(among: readonly SchemaField[]): Record<string, unknown> {
    const config: Record<string, unknown> = {};
    for (const field of among) {
      if (field.shape.type === 'group') {
        config[field.name] = collect(field.shape.fields);
        continue;
      }
      const mayStayEmpty = kept.includes(field.path) || generated.includes(field.path);
      const outcome = read(field, draft[field.path] ?? '', words, mayStayEmpty);
      if ('error' in outcome) errors[field.path] = outcome.error;
      else if (outcome.value !== undefined) config[field.name] = outcome.value;
    }
    return config;
  }
  return { config: collect(fields), errors };
}
