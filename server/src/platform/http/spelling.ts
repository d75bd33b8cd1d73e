import type { FastifyRequest } from 'fastify';

/**
 * A route hook for bodies that some write in camelCase: `metricType` is taken as `metric_type`, in an
 * object and in each object of a list, one level deep. A name that comes in both spellings stays, and is
 * refused as unknown.
 */
export async function acceptCamelCase(request: FastifyRequest): Promise<void> {
  const { body } = request;
  request.body = Array.isArray(body) ? body.map(withSnakeCase) : withSnakeCase(body);
}

/** The same for one value; anything but an object stays as it is. */
export function withSnakeCase(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const names = Object.keys(value);
  // It will be refused for its names; no more work is done on it.
  if (names.length > namesMax) return value;
  if (!names.some((name) => upper.test(name))) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => {
      const other = snakeCase(name);
      return [other in value ? name : other, inner];
    }),
  );
}

const upper = /[A-Z]/;
/** More fields than any of our bodies has. */
const namesMax = 200;

function snakeCase(name: string): string {
  return /^[a-z][A-Za-z0-9]*$/.test(name)
    ? name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
    : name;
}

/** A route hook: renames these fields, unless the new name is there already. */
export function acceptNames(others: Readonly<Record<string, string>>) {
  return async ({ body }: FastifyRequest): Promise<void> => {
    if (!isObject(body)) return;
    for (const [name, other] of Object.entries(others)) {
      if (!Object.hasOwn(body, name) || Object.hasOwn(body, other)) continue;
      body[other] = body[name];
      delete body[name];
    }
  };
}

/** A route hook: upper and lower case are the same in these fields, `HIGH` as `high`. */
export function acceptAnyCase(fields: readonly string[]) {
  return async ({ body }: FastifyRequest): Promise<void> => {
    if (!isObject(body)) return;
    for (const field of fields) {
      const value = Object.hasOwn(body, field) ? body[field] : undefined;
      if (typeof value === 'string') body[field] = value.toLowerCase();
    }
  };
}

function isObject(body: unknown): body is Record<string, unknown> {
  return typeof body === 'object' && body !== null && !Array.isArray(body);
}
