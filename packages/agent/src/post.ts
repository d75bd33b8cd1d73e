import { builtin } from './builtin.ts';

export const requestMs = 15_000;
const answerBytesMax = 1_048_576;

export interface Answer {
  readonly status: number;
  /** Parsed JSON; undefined when the answer is not JSON. */
  readonly body: unknown;
  /** From `Retry-After`, in milliseconds. */
  readonly retryAfterMs: number | undefined;
}

export type Post = (path: string, body: unknown) => Promise<Answer>;

/**
 * Sends JSON to one server over one connection that is kept open. `fetch` would also work, but needs 20 MB more to
 * start.
 * @throws Error when there was no answer: refused, cut off, too late, or too large.
 */
export function createPost(base: URL, token: string): Post {
  const transport = builtin(base.protocol === 'https:' ? 'node:https' : 'node:http');
  const agent = new transport.Agent({ keepAlive: true, maxSockets: 1 });

  return (path, body) =>
    new Promise((resolve, reject) => {
      const payload = Buffer.from(JSON.stringify(body));
      const request = transport.request(
        new URL(path, base),
        {
          method: 'POST',
          agent,
          signal: AbortSignal.timeout(requestMs),
          headers: {
            authorization: `Bearer ${token}`,
            'content-type': 'application/json',
            'content-length': payload.length,
          },
        },
        (response) => {
          const chunks: Buffer[] = [];
          let length = 0;
          response.on('data', (chunk: Buffer) => {
            length += chunk.length;
            if (length > answerBytesMax) response.destroy(new Error('The answer is longer than 1 MiB.'));
            else chunks.push(chunk);
          });
          response.on('error', reject);
          response.on('end', () =>
            resolve({
              status: response.statusCode ?? 0,
              body: toJson(Buffer.concat(chunks).toString('utf8')),
              retryAfterMs: toRetryAfter(response.headers['retry-after']),
            }),
          );
        },
      );
      request.on('error', reject);
      request.end(payload);
    });
}

function toJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Seconds or an HTTP date. */
function toRetryAfter(header: string | undefined): number | undefined {
  if (header === undefined) return undefined;
  const seconds = Number(header);
  const ms = Number.isNaN(seconds) ? Date.parse(header) - Date.now() : seconds * 1_000;
  return Number.isNaN(ms) ? undefined : Math.max(0, ms);
}
