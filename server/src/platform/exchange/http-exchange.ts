import { type IncomingMessage, request } from 'node:http';
import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { Hop } from '../outbound/hop.ts';
import { normalizeHostname } from '../outbound/host.ts';
import { targetPort } from '../outbound/target.ts';
import { type CertificateFacts, certificateFacts } from './certificate.ts';
import { bodyBytesMax, unpack } from './http-body.ts';
import { connectTo, resolve, secure, type TlsWish } from './open-socket.ts';
import type { ProbeDeps } from './probe.ts';

const headersBytesMax = 32 * 1_024;

export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** One per header: joined, they could not be told apart. */
  readonly cookies: readonly string[];
  /** Unpacked. Empty without `keepBody`. */
  readonly body: Buffer;
  /** The bytes received, up to the limit. */
  readonly bodyBytes: number;
  /** The body is longer than `body`. */
  readonly truncated: boolean;
  /** Why `body` is not complete or not right, in words. */
  readonly bodyFault: string | null;
  readonly certificate: CertificateFacts | undefined;
}

export interface HttpWish extends TlsWish {
  readonly keepBody: boolean;
  /** performance.now() at the start of the first request. */
  readonly started: number;
  /** Used instead of the address that the name resolves to. */
  readonly resolveTo?: string | undefined;
  /** Sent instead of the host of the URL. */
  readonly hostHeader?: string | undefined;
  readonly userAgent?: string | undefined;
}

/**
 * One request on a new connection. (A monitor that keeps connections open does not notice when no new one can be made.)
 * Headers and body have limits here; the signal limits the time.
 */
export async function exchangeHttp(hop: Hop, deps: ProbeDeps, wish: HttpWish): Promise<HttpAnswer> {
  const port = targetPort(hop.url);
  const hostname = hop.url.hostname.replace(/^\[|\]$/g, '');
  const vetted = await resolve(deps, wish.resolveTo ?? hostname, port);
  const host = { ...vetted, hostname: normalizeHostname(hostname) };
  const plain = await connectTo(deps, host);
  const tls = hop.url.protocol === 'https:' ? await secure(deps, plain, host, wish) : undefined;
  const socket = tls ?? plain;
  try {
    // Read now, because the connection may end with the answer.
    const certificate = tls === undefined ? undefined : certificateFacts(tls, deps.now(), wish.ca);
    const answer = await ask(hop, socket, deps, wish);
    deps.time('first_byte_ms', performance.now() - wish.started);
    deps.log(`${hop.method} ${hop.url.pathname}: ${answer.statusCode ?? 0} ${answer.statusMessage ?? ''}`);
    const { raw, bytes, cut } = await readBody(answer, wish.keepBody);
    const headers = flat(answer.headers);
    const { body, ...unpacked } = await unpack(raw, cut, headers['content-encoding']);
    return {
      status: answer.statusCode ?? 0,
      headers,
      cookies: answer.headers['set-cookie'] ?? [],
      body,
      bodyBytes: bytes,
      truncated: unpacked.cut,
      bodyFault: unpacked.fault,
      certificate,
    };
  } catch (error) {
    deps.signal.throwIfAborted();
    throw error;
  } finally {
    socket.destroy();
    plain.destroy();
  }
}

function ask(
  hop: Hop,
  socket: TLSSocket | Socket,
  deps: ProbeDeps,
  wish: HttpWish,
): Promise<IncomingMessage> {
  return new Promise((done, fail) => {
    const outgoing = request(
      {
        createConnection: () => socket,
        method: hop.method,
        path: `${hop.url.pathname}${hop.url.search}`,
        headers: {
          accept: '*/*',
          ...hop.headers,
          host: wish.hostHeader ?? hop.url.host,
          // Compression is not requested. If it comes anyway, it is undone within the limit.
          'accept-encoding': 'identity',
          'user-agent': wish.userAgent ?? deps.userAgent,
          connection: 'close',
        },
        maxHeaderSize: headersBytesMax,
      },
      done,
    );
    outgoing.on('error', fail);
    outgoing.on('close', () => fail(new Error('The connection was closed before there was an answer.')));
    // 101: another protocol follows instead of a body, so the answer is complete.
    outgoing.on('upgrade', (answer) => {
      answer.push(null);
      done(answer);
    });
    deps.signal.addEventListener('abort', () => socket.destroy(asError(deps.signal.reason)), { once: true });
    deps.signal.throwIfAborted();
    outgoing.end(hop.body);
  });
}

async function readBody(
  answer: IncomingMessage,
  keep: boolean,
): Promise<{ raw: Buffer; bytes: number; cut: boolean }> {
  const kept: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of chunksOf(answer)) {
    const left = bodyBytesMax - bytes;
    if (keep) kept.push(chunk.length > left ? chunk.subarray(0, left) : chunk);
    bytes += Math.min(chunk.length, left);
    // Leaving the loop destroys the answer, and with it the connection.
    if (chunk.length > left) return { raw: Buffer.concat(kept), bytes, cut: true };
  }
  return { raw: Buffer.concat(kept), bytes, cut: false };
}

/** Without an encoding, a stream yields Buffers, but its type does not say so. */
function chunksOf(answer: IncomingMessage): AsyncIterable<Buffer> {
  return answer;
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
