import { type IncomingMessage, request } from 'node:http';
import type { PeerCertificate, TLSSocket } from 'node:tls';
import type { Hop } from '#platform/outbound/hop';
import { targetPort } from '#platform/outbound/target';
import type { ProbeDeps } from './kind.ts';
import { connectTo, resolve, secure, type TlsWish } from './open-socket.ts';

/** Of a body; what is longer is cut off there and the connection closed. */
export const bodyBytesMax = 1_048_576;
const headersBytesMax = 32 * 1_024;

export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Empty unless `keepBody`. */
  readonly body: Buffer;
  readonly bodyBytes: number;
  readonly truncated: boolean;
  readonly certificate: PeerCertificate | undefined;
}

/**
 * One request on a connection of its own: a monitor that keeps connections alive never notices that no new one
 * can be made. Bounded in headers and body here, in time by the signal.
 */
export async function exchangeHttp(
  hop: Hop,
  deps: ProbeDeps,
  wish: TlsWish & { keepBody: boolean; started: number },
): Promise<HttpAnswer> {
  const port = targetPort(hop.url);
  const host = await resolve(deps, hop.url.hostname.replace(/^\[|\]$/g, ''), port);
  const plain = await connectTo(deps, host);
  const isTls = hop.url.protocol === 'https:';
  const socket = isTls ? await secure(deps, plain, host, wish) : plain;
  try {
    const answer = await new Promise<IncomingMessage>((done, fail) => {
      const outgoing = request(
        {
          createConnection: () => socket,
          method: hop.method,
          path: `${hop.url.pathname}${hop.url.search}`,
          headers: {
            accept: '*/*',
            ...hop.headers,
            host: hop.url.host,
            // A compressed answer could unpack to any size, so none is asked for.
            'accept-encoding': 'identity',
            'user-agent': deps.userAgent,
            connection: 'close',
          },
          maxHeaderSize: headersBytesMax,
        },
        done,
      );
      outgoing.on('error', fail);
      outgoing.on('close', () => fail(new Error('The connection was closed before there was an answer.')));
      // 101: what follows is another protocol and no body, so this is all of the answer.
      outgoing.on('upgrade', (answer) => {
        answer.push(null);
        done(answer);
      });
      deps.signal.addEventListener('abort', () => socket.destroy(asError(deps.signal.reason)), {
        once: true,
      });
      deps.signal.throwIfAborted();
      outgoing.end(hop.body);
    });
    deps.time('first_byte_ms', performance.now() - wish.started);
    deps.log(`${hop.method} ${hop.url.pathname}: ${answer.statusCode ?? 0} ${answer.statusMessage ?? ''}`);
    const { body, bytes, truncated } = await readBody(answer, wish.keepBody);
    return {
      status: answer.statusCode ?? 0,
      headers: flat(answer.headers),
      body,
      bodyBytes: bytes,
      truncated,
      certificate: isTls ? certificateOf(socket) : undefined,
    };
  } catch (error) {
    deps.signal.throwIfAborted();
    throw error;
  } finally {
    socket.destroy();
    plain.destroy();
  }
}

async function readBody(
  answer: IncomingMessage,
  keep: boolean,
): Promise<{ body: Buffer; bytes: number; truncated: boolean }> {
  const kept: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of chunksOf(answer)) {
    const left = bodyBytesMax - bytes;
    if (keep) kept.push(chunk.length > left ? chunk.subarray(0, left) : chunk);
    bytes += Math.min(chunk.length, left);
    // Leaving the loop destroys the answer, and with it the connection.
    if (chunk.length > left) return { body: Buffer.concat(kept), bytes, truncated: true };
  }
  return { body: Buffer.concat(kept), bytes, truncated: false };
}

/** A stream without an encoding yields Buffers; its type does not say so. */
function chunksOf(answer: IncomingMessage): AsyncIterable<Buffer> {
  return answer;
}

function certificateOf(socket: object): PeerCertificate | undefined {
  // Safe because only the https branch asks, whose socket came from tls.connect.
  return (socket as TLSSocket).getPeerCertificate();
}

function flat(headers: IncomingMessage['headers']): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, Array.isArray(value) ? value.join(', ') : value]],
    ),
  );
}

function asError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error('The check was stopped.');
}
