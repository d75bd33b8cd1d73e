import type { FastifySchema, FastifySchemaCompiler } from 'fastify';
import type { Static, TSchema } from 'typebox';
import { AppError, type FieldError, invalidField } from '#platform/errors';
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
export function createItemCheck<S extends TSchema>(app: App, schema: S, context = 'item'): ItemCheck<S> {
  const validate = compilerOf(app)({ schema, method: 'POST', url: '', httpPart: 'body' });
  return (item) => {
    // Safe because the schema's validator has just accepted the value.
    if (validate(item) === true) return { value: item as Static<S> };
    const failure = Object.assign(new Error('invalid item'), {
      validation: validate.errors ?? [],
      validationContext: context,
    });
    return { error: toItemError(failure) };
  };
}

export interface ListShape {
  readonly itemsMax: number;
  /** The property that may hold the list; the list itself is always taken. */
  readonly property?: string;
  /** Checks a lone item; without it a body that is no list is refused. */
  readonly single?: ItemCheck<TSchema>;
}

/**
 * Route validator for bodies whose items are checked one by one: it looks at the outer shape only, while the
 * route's schema describes the items for the OpenAPI document.
 */
export function listValidator(app: App, shape: ListShape): FastifySchemaCompiler<FastifySchema> {
  return (route) => {
    if (route.httpPart !== 'body') return compilerOf(app)(route);
    return (body: unknown) => {
      const error = shapeError(body, shape);
      return error === undefined ? { value: body } : { error };
    };
  };
}

function shapeError(body: unknown, shape: ListShape): AppError | undefined {
  const list = listIn(body, shape.property);
  if (list === undefined) {
    const checked = shape.single?.(body) ?? { error: { code: '', message: wantedShape(shape) } };
    if ('value' in checked) return undefined;
    const code = checked.error.code === 'unknown_field' ? 'unknown_field' : 'validation_failed';
    return new AppError(code, checked.error.message, { errors: checked.error.errors ?? [] });
  }
  if (list.length >= 1 && list.length <= shape.itemsMax) return undefined;
  return invalidField(shape.property ?? 'body', `must hold 1 to ${shape.itemsMax} items`);
}

function wantedShape(shape: ListShape): string {
  const list = `an array of 1 to ${shape.itemsMax} items`;
  return shape.property === undefined
    ? `The body must be ${list}.`
    : `The body must be ${list}, or {"${shape.property}": [...]}.`;
}

/** The list of a body of either shape; undefined when it has none. */
export function listIn(body: unknown, property?: string): readonly unknown[] | undefined {
  if (Array.isArray(body)) return body;
  if (property === undefined || typeof body !== 'object' || body === null) return undefined;
  const [entry, ...others] = Object.entries(body);
  return others.length === 0 && entry?.[0] === property && Array.isArray(entry[1]) ? entry[1] : undefined;
}

export function compilerOf(app: App): FastifySchemaCompiler<FastifySchema> {
  const compile = app.validatorCompiler;
  if (compile === undefined) throw new Error('The HTTP floor has no validator.');
  return compile;
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
