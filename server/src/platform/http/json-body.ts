import type { FastifyRequest } from 'fastify';
import { AppError } from '../errors.ts';
import type { App } from './app.ts';

/** Levels of arrays and objects in a body; nothing that we take has a tenth of it. */
export const jsonDepthMax = 64;
/** Shorter bodies cannot be nested deeply enough to hurt, and are not looked at: heartbeats are of that size. */
const lookedAtFrom = 1_024;

/**
 * JSON as Fastify takes it, except what is nested so deeply that whoever walks it by recursion would run out of
 * stack, and what is too much for one route is refused before it is parsed.
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
