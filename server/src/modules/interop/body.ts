import type { Readable } from 'node:stream';
import { pingBodyBytesMax } from '#modules/checks';
import { AppError } from '#platform/errors';
import type { App } from '#platform/http/app';

/** Read to its end and thrown away beyond what is kept: whoever sends a log wants an answer, not a broken pipe. */
const drainedBytesMax = 128 * 1_048_576;

/** What came with a request, whatever its type says. */
export interface AnyBody {
  /** Its first bytes. */
  readonly start: Buffer;
  readonly bytes: number;
}

/**
 * Takes any body of any type. Clients name wrong types, none, or one that cannot be read (curl sends text as
 * a form); what they mean is the same.
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

/** undefined: there was none. */
export function bodyOf(body: unknown): AnyBody | undefined {
  if (typeof body !== 'object' || body === null || !('start' in body) || !('bytes' in body)) return undefined;
  return Buffer.isBuffer(body.start) && typeof body.bytes === 'number' && body.bytes > 0
    ? { start: body.start, bytes: body.bytes }
    : undefined;
}
