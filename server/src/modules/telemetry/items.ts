import type { Static, TSchema } from 'typebox';
import type { FieldError } from '#platform/errors';
import { AppError } from '#platform/errors';
import type { App } from '#platform/http/app';
import { toAppError } from '#platform/http/problem';

export interface ItemError {
  code: string;
  message: string;
  errors?: FieldError[];
}

export function toItemError(error: unknown): ItemError {
  const known = error instanceof AppError ? error : toAppError(error);
  return {
    code: known.code,
    message: known.message,
    ...(known.errors.length === 0 ? {} : { errors: [...known.errors] }),
  };
}

export type ItemCheck<S extends TSchema> = (item: unknown) => { value: Static<S> } | { error: ItemError };

/**
 * The route validator's own check, for one item of a list: the same rules and the same words as for a body,
 * so that one bad item is refused by name and the others are taken.
 */
export function createItemCheck<S extends TSchema>(app: App, schema: S): ItemCheck<S> {
  const compile = app.validatorCompiler;
  if (compile === undefined) throw new Error('The HTTP floor has no validator.');
  const validate = compile({ schema, method: 'POST', url: '', httpPart: 'body' });
  return (item) => {
    // Safe because the schema's validator has just accepted the value.
    if (validate(item) === true) return { value: item as Static<S> };
    const failure = Object.assign(new Error('invalid item'), {
      validation: validate.errors ?? [],
      validationContext: 'item',
    });
    return { error: toItemError(failure) };
  };
}

/** Items of a list that must not wait for each other, with one answer when the last is settled. */
export function countdown(count: number): { promise: Promise<void>; done: () => void } {
  const { promise, resolve } = Promise.withResolvers<void>();
  let left = count;
  if (left === 0) resolve();
  return {
    promise,
    done() {
      left -= 1;
      if (left === 0) resolve();
    },
  };
}
