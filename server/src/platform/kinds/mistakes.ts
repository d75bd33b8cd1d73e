import type { TSchema } from 'typebox';
import { Compile, type Validator } from 'typebox/compile';
import type { TLocalizedValidationError } from 'typebox/error';
import type { FieldError } from '../errors.ts';

/** How many mistakes of one config are reported; a list with a thousand wrong items has one cause. */
export const mistakesMax = 20;

const validators = new WeakMap<object, Validator>();

/** Compiled when first needed: a pass from cron compiles nothing that it does not read. */
export function validatorOf(schema: TSchema): Validator {
  const validator = validators.get(schema) ?? Compile(schema);
  validators.set(schema, validator);
  return validator;
}

export interface Mistakes {
  /** One for each field. */
  readonly errors: readonly FieldError[];
  /** One of them is a field that the schema does not have. */
  readonly unknown: boolean;
}

/** The faults that a schema finds in a value, in words, under the names of the fields. */
export function mistakesIn(schema: TSchema, value: unknown, root: string): Mistakes {
  const issues = validatorOf(schema).Errors(value);
  const errors = onePerField(issues.flatMap((issue) => toFieldErrors(issue, root)));
  return {
    errors: errors.slice(0, mistakesMax),
    unknown: issues.some((issue) => issue.keyword === 'additionalProperties'),
  };
}

/** A union complains once for each branch: the first line of a field is enough. */
function onePerField(errors: readonly FieldError[]): FieldError[] {
  const byField = new Map<string, FieldError>();
  for (const error of errors) if (!byField.has(error.field)) byField.set(error.field, error);
  return [...byField.values()];
}

function toFieldErrors(issue: TLocalizedValidationError, root: string): FieldError[] {
  const field = [root, ...issue.instancePath.split('/').slice(1).map(unescaped)].join('.');
  switch (issue.keyword) {
    case 'required':
      return issue.params.requiredProperties.map((name) => ({
        field: `${field}.${name}`,
        message: 'is required',
      }));
    case 'additionalProperties':
      return issue.params.additionalProperties.map((name) => ({
        field: `${field}.${name}`,
        message: 'is not a known field',
      }));
    case 'enum':
      return [{ field, message: `must be one of ${issue.params.allowedValues.join(', ')}` }];
    // Its sibling, additionalProperties, reports the same and names the field.
    case 'boolean':
      return [];
    default:
      return [{ field, message: issue.message }];
  }
}

/** A step of a JSON pointer as the name that it stands for. */
function unescaped(step: string): string {
  return step.replaceAll('~1', '/').replaceAll('~0', '~');
}
