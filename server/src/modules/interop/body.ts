import type { Readable } from 'node:stream';
import { pingBodyBytesMax } from '#modules/checks';
import { AppError } from '#platform/errors';
import type { App } from '#platform/http/app';

/**
 * A longer body is read to its end and dropped, up to this size. Otherwise the sender of a log would get a broken pipe
 * instead of an answer.
 */
const drainedBytesMax = 128 * 1_048_576;

/** The body of a request, whatever its type. */
export interface AnyBody {
  /** Its first bytes. */
  readonly start: Buffer;
  readonly bytes: number;
}

/**
 * Accepts any body of any type. Some clients send a wrong type, no type, or one that does not fit the body (curl sends
 * text as a form). All of them are treated the same.
 */
export function takeAnyBody(app: App): void {
  app.removeAllContentTypeParsers();
  app.addHook('onRequest', (request, _reply, done) => {
    request.raw.headers['content-type'] = 'application/octet-stream';
    done();
  });
  app.addContentTypeParser('*', { bodyLimit: drainedBytesMax }, (_request, payload, done) => {
    readStart(payload).then(
      (body) => done(null, body),
      (error: unknown) => done(error instanceof Error ? error : new Error(String(error))),
    );
  });
}

async function readStart(payload: Readable): Promise<AnyBody> {
  const chunks: Buffer[] = [];
  let kept = 0;
  let bytes = 0;
  for await (const chunk of payload) {
    const piece = Buffer.isBuffer(chunk) ? chunk : Buffer.from(String(chunk));
    bytes += piece.length;
    if (bytes > drainedBytesMax)
      throw new AppError('payload_too_large', 'The body is larger than this server accepts.');
    const room = pingBodyBytesMax - kept;
    if (room <= 0) continue;
    chunks.push(piece.subarray(0, room));
    kept += Math.min(room, piece.length);
  }
  return { start: Buffer.concat(chunks), bytes };
}

/** undefined: the request had no body. */
export function bodyOf(body: unknown): AnyBody | undefined {
  if (typeof body !== 'object' || body === null || !('start' in body) || !('bytes' in body)) return undefined;
  return Buffer.isBuffer(body.start) && typeof body.bytes === 'number' && body.bytes > 0
    ? { start: body.start, bytes: body.bytes }
    : undefined;
}
