import { Compile, type Validator } from 'typebox/compile';
import { Value } from 'typebox/value';
import { AppError, type FieldError, invalidField } from '#platform/errors';
import type { CheckKind } from './kind.ts';
import * as all from './kinds/all.ts';

export type CheckConfigValues = Readonly<Record<string, unknown>>;

export const checkKinds: ReadonlyMap<string, CheckKind> = new Map(
  Object.values(all).map((kind) => [kind.kind, kind]),
);

const validators = new Map<string, Validator>();

/** @throws validation_failed naming the field and the kinds there are. */
export function getCheckKind(name: string): CheckKind {
  const kind = checkKinds.get(name);
  if (kind === undefined) throw invalidField('kind', `must be one of ${[...checkKinds.keys()].join(', ')}`);
  return kind;
}

/** The config with its defaults filled in. @throws validation_failed or unknown_field, each mistake with its field. */
export function parseCheckConfig(kind: CheckKind, config: CheckConfigValues): CheckConfigValues {
  const filled = Value.Default(kind.schema, structuredClone(config));
  const validator = validators.get(kind.kind) ?? Compile(kind.schema);
  validators.set(kind.kind, validator);
  const { errors, unknown } = mistakesOf(validator, filled);
  const further = errors.length > 0 ? [] : (kind.check?.(asConfig(filled)) ?? []);
  errors.push(...further.map(({ field, message }) => ({ field: `config.${field}`, message })));
  if (errors.length === 0 && !isWellFormed(filled))
    errors.push({ field: 'config', message: 'holds half a character (a lone surrogate)' });
  const first = errors[0];
  if (first === undefined) return asConfig(filled);
  throw new AppError(unknown ? 'unknown_field' : 'validation_failed', `${first.field}: ${first.message}.`, {
    errors,
  });
}

const errorsMax = 20;

function mistakesOf(validator: Validator, value: unknown): { errors: FieldError[]; unknown: boolean } {
  const errors: FieldError[] = [];
  let unknown = false;
  for (const issue of validator.Errors(value)) {
    const base = `config${issue.instancePath.replaceAll('/', '.')}`;
    if (issue.keyword === 'required') {
      for (const name of issue.params.requiredProperties)
        errors.push({ field: `${base}.${name}`, message: 'is required' });
    } else if (issue.keyword === 'additionalProperties') {
      unknown = true;
      for (const name of issue.params.additionalProperties)
        errors.push({ field: `${base}.${name}`, message: 'is not a known field' });
    } else if (issue.keyword !== 'boolean') {
      errors.push({ field: base, message: issue.message });
    }
  }
  return { errors: errors.slice(0, errorsMax), unknown };
}

/** PostgreSQL keeps no lone surrogate in jsonb. */
function isWellFormed(value: unknown): boolean {
  if (typeof value === 'string') return value.isWellFormed() && !value.includes('\0');
  if (typeof value !== 'object' || value === null) return true;
  return Object.values(value).every(isWellFormed);
}

/** What forms, API reference and docs are made from. */
export function describeCheckKinds() {
  return [...checkKinds.values()].map((kind) => ({
    kind: kind.kind,
    label: kind.label,
    help: kind.help,
    schema: toJson(kind.schema),
    secrets: [...kind.secrets],
    example: { ...asConfig(kind.fixture) },
  }));
}

/** A TypeBox schema is a JSON Schema; what JSON drops was never part of it. */
function toJson(schema: object): Record<string, unknown> {
  return JSON.parse(JSON.stringify(schema));
}

/** Safe because every kind's schema is an object. */
function asConfig(value: unknown): CheckConfigValues {
  return value as CheckConfigValues;
}
