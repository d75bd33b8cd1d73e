import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ServerOptions } from 'node:https';
import { listenOnLoopback } from './listen.ts';

/** How a third party can fail. */
export type Fault =
  | { readonly kind: 'status'; readonly status: number; readonly retryAfter?: string }
  /** Accepts the request and never answers. */
  | { readonly kind: 'silent' }
  /** Announces more bytes than it sends, then closes the connection. */
  | { readonly kind: 'truncated' }
  | { readonly kind: 'not_json' }
  | { readonly kind: 'json'; readonly body: unknown }
  | { readonly kind: 'huge'; readonly bytes: number };

export interface Request {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

export interface Answer {
  readonly status?: number;
  readonly body: unknown;
}

export interface Simulator extends AsyncDisposable {
  readonly url: string;
  readonly port: number;
  /** The requests as `GET /path?query`, oldest first. Only the newest are kept. */
  readonly asked: string[];
  /** From now on, fails requests with a matching path. With `times`, only that many. */
  fail(fault: Fault, options?: { path?: RegExp; times?: number }): void;
  heal(): void;
}

export interface Place {
  readonly tls?: ServerOptions;
  /** The port to listen on. When it is taken or left out, any free port. */
  readonly port?: number;
}

const bodyBytesMax = 1_048_576;
const askedMax = 10_000;

/** A third party on loopback, for tests and the demonstration. It answers like the real one, and fails on demand. */
export async function startSimulator(
  answer: (request: Request) => Answer,
  { tls, port }: Place = {},
): Promise<Simulator> {
  const asked: string[] = [];
  let trouble: { fault: Fault; path: RegExp; left: number } | undefined;

  async function serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(incoming.url ?? '/', 'http://simulator');
    asked.push(`${incoming.method} ${url.pathname}${url.search}`);
    if (asked.length > askedMax) asked.shift();
    const request = {
      method: incoming.method ?? 'GET',
      path: url.pathname,
      query: url.searchParams,
      headers: incoming.headers,
      body: await readBody(incoming),
    };
    if (trouble?.path.test(url.pathname) && trouble.left > 0) {
      trouble.left -= 1;
      misbehave(response, trouble.fault);
      return;
    }
    const { status = 200, body } = answer(request);
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  }

  const server = await listenOnLoopback(
    // A caller that hangs up or sends nonsense affects only its own request.
    (incoming, response) => void serve(incoming, response).catch(() => response.destroy()),
    { tls, port },
  );
  return {
    url: server.url,
    port: server.port,
    asked,
    fail(fault, { path = /./, times = Number.POSITIVE_INFINITY } = {}) {
      trouble = { fault, path, left: times };
    },
    heal() {
      trouble = undefined;
    },
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

async function readBody(incoming: IncomingMessage): Promise<string> {
  const chunks: string[] = [];
  let bytes = 0;
  incoming.setEncoding('utf8');
  for await (const chunk of incoming) {
    bytes += String(chunk).length;
    if (bytes > bodyBytesMax) break;
    chunks.push(String(chunk));
  }
  return chunks.join('');
}

function misbehave(response: ServerResponse, fault: Fault): void {
  const json = { 'content-type': 'application/json' };
  switch (fault.kind) {
    case 'silent':
      return;
    case 'status': {
      const later = fault.retryAfter === undefined ? {} : { 'retry-after': fault.retryAfter };
      response.writeHead(fault.status, { ...json, ...later }).end('{}');
      return;
    }
    case 'truncated':
      response.writeHead(200, { ...json, 'content-length': '5000' });
      response.write('[{"id":41,"offl', () => response.destroy());
      return;
    case 'not_json':
      response.writeHead(200, { 'content-type': 'text/html' }).end('<html><title>Sign in</title></html>');
      return;
    case 'json':
      response.writeHead(200, json).end(JSON.stringify(fault.body));
      return;
    case 'huge':
      response.writeHead(200, json).end(`["${'x'.repeat(fault.bytes)}"]`);
  }
}
