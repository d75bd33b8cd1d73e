import { Compile, type Validator } from 'typebox/compile';
import { Value } from 'typebox/value';
import { AppError, type FieldError, invalidField } from '#platform/errors';
import { refusedAuthority } from './certificate.ts';
import { describeKinds } from './describe-kinds.ts';
import { refusedHost } from './fields.ts';
import type { CheckConfigValues, CheckKind } from './kind.ts';
import * as all from './kinds/all.ts';

export type { CheckConfigValues } from './kind.ts';

export const checkKinds: ReadonlyMap<string, CheckKind> = new Map(
  Object.values(all).map((kind) => [kind.kind, kind]),
);

const validators = new WeakMap<object, Validator>();

/** @throws validation_failed naming the field and the kinds there are. */
export function getCheckKind(name: string): CheckKind {
  const kind = checkKinds.get(name);
  if (kind === undefined) throw invalidField('kind', `must be one of ${[...checkKinds.keys()].join(', ')}`);
  return kind;
}

/** The config with its defaults filled in. @throws validation_failed or unknown_field, each mistake with its field. */
export function parseCheckConfig(
  kind: Pick<CheckKind, 'schema' | 'check' | 'hosts'>,
  config: CheckConfigValues,
): CheckConfigValues {
  const filled = Value.Default(kind.schema, structuredClone(config));
  const validator = validators.get(kind.schema) ?? Compile(kind.schema);
  validators.set(kind.schema, validator);
  const { errors, unknown } = mistakesOf(validator, filled);
  const further = errors.length > 0 ? [] : mistakesBeyondSchema(kind, asConfig(filled));
  errors.push(...further.map(({ field, message }) => ({ field: `config.${field}`, message })));
  if (errors.length === 0 && !isWellFormed(filled))
    errors.push({ field: 'config', message: 'holds half a character (a lone surrogate)' });
  const first = errors[0];
  if (first === undefined) return asConfig(filled);
  throw new AppError(unknown ? 'unknown_field' : 'validation_failed', `${first.field}: ${first.message}.`, {
    errors,
  });
}

/** Those of the kind, and those that are the same in all: hosts, and an authority of one's own. */
function mistakesBeyondSchema(
  kind: Pick<CheckKind, 'check' | 'hosts'>,
  config: CheckConfigValues,
): { field: string; message: string }[] {
  const own = kind.check?.(config) ?? [];
  const ca = typeof config.ca === 'string' ? refusedAuthority(config.ca) : undefined;
  const hosts = (kind.hosts?.(config) ?? []).flatMap(({ field, host }) => {
    const message = refusedHost(host);
    return message === undefined || own.some((mistake) => mistake.field === field)
      ? []
      : [{ field, message }];
  });
  return [...own, ...hosts, ...(ca === undefined ? [] : [{ field: 'ca', message: ca }])];
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

/** Those that can be made by themselves. */
export function describeCheckKinds() {
  return describeKinds([...checkKinds.values()].filter((kind) => kind.madeWith === undefined));
}

/** Safe because every kind's schema is an object. */
function asConfig(value: unknown): CheckConfigValues {
  return value as CheckConfigValues;
}
