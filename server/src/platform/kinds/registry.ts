import type { TObject } from 'typebox';
import { Value } from 'typebox/value';
import { type FieldError, invalidField, invalidFields } from '../errors.ts';
import { findUnstorable } from '../storable.ts';
import { mistakesIn, mistakesMax } from './mistakes.ts';

/** A config that its kind has parsed. */
export type KindConfig = Readonly<Record<string, unknown>>;

/** The parts that every kind of plug-in has. Each registry adds more. */
export interface Kind {
  /** Equals the file's name. Stored with every config, so it must never change. */
  readonly kind: string;
  readonly label: string;
  readonly help: string;
  /** Its titles, help and units become the form, the API and the docs. */
  readonly schema: TObject;
  /** A complete, valid config, for the contract test and the docs. */
  readonly fixture: object;
  /** Fields of `schema` that are stored encrypted and never returned; see secrets.ts. */
  readonly secrets?: readonly string[];
  /** Rules between fields, beyond the schema. */
  readonly check?: (config: KindConfig) => readonly FieldError[];
}

/** The source of forms, the API reference and the docs. */
export interface KindDescription {
  kind: string;
  label: string;
  help: string;
  /** JSON Schema. */
  schema: Record<string, unknown>;
  secrets: string[];
  example: Record<string, unknown>;
}

export interface Registry<K extends Kind> {
  readonly all: readonly K[];
  find(name: string): K | undefined;
  /** @throws validation_failed that lists the existing kinds. */
  get(name: string): K;
  /** The config with its defaults filled in. @throws validation_failed or unknown_field, naming each field. */
  parse(kind: K, config: object): KindConfig;
  describe(kind: K): KindDescription;
}

/**
 * The kinds of one registry, by name. `further`: checks of this registry for every config, beyond the schema and the
 * kind.
 */
export function createRegistry<K extends Kind>(
  all: readonly K[],
  further: (kind: K, config: KindConfig) => readonly FieldError[] = () => [],
): Registry<K> {
  const byName = new Map(all.map((kind) => [kind.kind, kind]));
  if (byName.size < all.length) throw new Error('Two kinds of one registry have the same name.');
  return {
    all,
    find: (name) => byName.get(name),
    get(name) {
      const kind = byName.get(name);
      if (kind === undefined) throw invalidField('kind', `must be one of ${[...byName.keys()].join(', ')}`);
      return kind;
    },
    parse: (kind, config) => parseConfig(kind, config, (parsed) => further(kind, parsed)),
    describe: (kind) => ({
      kind: kind.kind,
      label: kind.label,
      help: kind.help,
      schema: toJsonSchema(kind.schema),
      secrets: [...(kind.secrets ?? [])],
      example: { ...kind.fixture },
    }),
  };
}

function parseConfig(
  kind: Kind,
  config: object,
  further: (config: KindConfig) => readonly FieldError[],
): KindConfig {
  const filled = Value.Default(kind.schema, structuredClone(config));
  const { errors, unknown } = mistakesIn(kind.schema, filled, 'config');
  if (errors.length > 0) throw invalidFields(errors, unknown ? 'unknown_field' : 'validation_failed');
  const where = findUnstorable(filled);
  if (where !== undefined) throw invalidField('config', unstorableWords(where));
  const parsed = asConfig(filled);
  const own = kind.check?.(parsed) ?? [];
  const others = further(parsed).filter(({ field }) => own.every((mistake) => mistake.field !== field));
  const mistakes = [...own, ...others].map(({ field, message }) => ({ field: `config.${field}`, message }));
  if (mistakes.length > 0) throw invalidFields(mistakes.slice(0, mistakesMax));
  return parsed;
}

function unstorableWords(where: readonly string[]): string {
  return `holds NUL or half a character (a lone surrogate) in ${where.join('.').toWellFormed().replaceAll('\0', '?')}`;
}

/** Safe because serialising removes TypeBox's hidden keys, and the rest of a schema is plain JSON. */
function toJsonSchema(schema: object): Record<string, unknown> {
  return JSON.parse(JSON.stringify(schema));
}

/** Safe because every kind's schema is an object, and the schema found no fault. */
function asConfig(value: unknown): KindConfig {
  return value as KindConfig;
}
