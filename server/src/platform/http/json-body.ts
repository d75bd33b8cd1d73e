import type { FastifyRequest } from 'fastify';
import { AppError } from '../errors.ts';
import type { App } from './app.ts';

/** Levels of arrays and objects in a body; our own bodies have less than a tenth of it. */
export const jsonDepthMax = 64;
/** Shorter bodies cannot be nested deeply enough to hurt and are not checked; heartbeats are that short. */
const lookedAtFrom = 1_024;

/**
 * JSON like in Fastify, with two more refusals before parsing: a body nested so deeply that recursive
 * code would run out of stack, and a body too large for its route.
 */
export function takeJsonBodies(app: App): void {
  const parse = app.getDefaultJsonParser('error', 'error');
  app.removeContentTypeParser('application/json');
  app.addContentTypeParser(
    'application/json',
    { parseAs: 'string' },
    (request: FastifyRequest, body: string, done) => {
      if (body.length >= lookedAtFrom && isTooDeep(body)) {
        done(
          new AppError('malformed_json', `The JSON is nested more than ${jsonDepthMax} levels deep.`),
          undefined,
        );
        return;
      }
      parse(request, body, done);
    },
  );
}

const quote = 34;
const backslash = 92;
const openers = new Set([91, 123]);
const closers = new Set([93, 125]);

function isTooDeep(text: string): boolean {
  let depth = 0;
  let inText = false;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (inText) {
      if (code === backslash) index += 1;
      else if (code === quote) inText = false;
    } else if (code === quote) inText = true;
    else if (openers.has(code)) {
      depth += 1;
      if (depth > jsonDepthMax) return true;
    } else if (closers.has(code)) depth -= 1;
  }
  return false;
}
