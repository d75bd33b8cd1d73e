import type { Static, TSchema } from 'typebox';
import { Value } from 'typebox/value';
import type { Post } from './http-outcome.ts';

/** A request with a JSON body. `headers` stand beside the type of the body. */
export function jsonPost(url: string, body: object, headers: Record<string, string> = {}): Post {
  return {
    url,
    headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
    body: JSON.stringify(body),
  };
}

/** A third party's JSON, as far as the schema names it; undefined: it is something else. */
export function readJson<S extends TSchema>(schema: S, text: string): Static<S> | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  return Value.Check(schema, value) ? value : undefined;
}
