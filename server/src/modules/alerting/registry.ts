import { Compile, type Validator } from 'typebox/compile';
import type { TLocalizedValidationError } from 'typebox/error';
import Value from 'typebox/value';
import { AppError, type FieldError } from '#platform/errors';
import type { RuleKind } from './kind.ts';
import * as all from './kinds/all.ts';

export const ruleKinds: readonly RuleKind[] = Object.values(all);

const byName = new Map(ruleKinds.map((kind) => [kind.kind, kind]));
const validators = new Map<string, Validator>();

export function findKind(name: string): RuleKind | undefined {
  return byName.get(name);
}

/** @throws validation_failed that lists the kinds there are */
export function requireKind(name: string): RuleKind {
  const kind = byName.get(name);
  if (kind === undefined) {
    const message = `must be one of ${[...byName.keys()].join(', ')}`;
    throw new AppError('validation_failed', `kind: ${message}.`, { errors: [{ field: 'kind', message }] });
  }
  return kind;
}

const errorsMax = 20;

/** The config with its defaults filled in. @throws validation_failed or unknown_field, naming each field */
export function parseConfig(kind: RuleKind, config: object): object {
  const filled = Value.Default(kind.schema, structuredClone(config));
  const validator = validators.get(kind.kind) ?? Compile(kind.schema);
  validators.set(kind.kind, validator);
  const mistakes = onePerField(validator.Errors(filled).flatMap(toFieldErrors));
  const first = mistakes[0];
  if (first === undefined && typeof filled === 'object' && filled !== null) {
    const further = kind.check(filled).map(({ field, message }) => ({ field: `config.${field}`, message }));
    if (further[0] === undefined) return filled;
    throw new AppError('validation_failed', `${further[0].field}: ${further[0].message}.`, {
      errors: further,
    });
  }
  const unknown = mistakes.some((mistake) => mistake.message === unknownMessage);
  throw new AppError(
    unknown ? 'unknown_field' : 'validation_failed',
    `${first?.field ?? 'config'}: ${first?.message ?? 'is invalid'}.`,
    {
      errors: mistakes.slice(0, errorsMax),
    },
  );
}

/** A union complains once per branch: the first line per field is enough. */
function onePerField(errors: readonly FieldError[]): FieldError[] {
  return errors.filter((error, index) => errors.findIndex((other) => other.field === error.field) === index);
}

const unknownMessage = 'is not a known field';

function toFieldErrors(error: TLocalizedValidationError): FieldError[] {
  const path = ['config', ...error.instancePath.split('/').slice(1)];
  // Its sibling, additionalProperties, says the same and names the field.
  if (error.keyword === 'boolean') return [];
  const named = (names: unknown, message: string): FieldError[] =>
    Array.isArray(names) ? names.map((name) => ({ field: [...path, String(name)].join('.'), message })) : [];
  if (error.keyword === 'required')
    return named('requiredProperties' in error.params ? error.params.requiredProperties : [], 'is required');
  if (error.keyword === 'additionalProperties') {
    return named(
      'additionalProperties' in error.params ? error.params.additionalProperties : [],
      unknownMessage,
    );
  }
  if (
    error.keyword === 'enum' &&
    'allowedValues' in error.params &&
    Array.isArray(error.params.allowedValues)
  ) {
    return [{ field: path.join('.'), message: `must be one of ${error.params.allowedValues.join(', ')}` }];
  }
  return [{ field: path.join('.'), message: error.message }];
}

/** What forms, API reference and docs are made from. */
export function describeKinds() {
  return ruleKinds.map((kind) => ({
    kind: kind.kind,
    label: kind.label,
    help: kind.help,
    subjects: [...kind.subjects],
    schema: toJsonSchema(kind.schema),
    example: toRecord(kind.fixture),
  }));
}

/** Safe because a schema is plain JSON once TypeBox's own hidden keys are gone, which serialising does. */
function toJsonSchema(schema: object): Record<string, unknown> {
  return JSON.parse(JSON.stringify(schema));
}

export function toRecord(value: object): Record<string, unknown> {
  return { ...value };
}
