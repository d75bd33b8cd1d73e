import { validateHeaderName, validateHeaderValue } from 'node:http';
import type { OutboundRequest, OutboundResponse } from './outbound.ts';
import { OutboundRefused } from './outbound.ts';
import { parseTarget } from './target.ts';

/** One request of a chain of redirects. */
export interface Hop {
  readonly url: URL;
  readonly method: OutboundRequest['method'];
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array | undefined;
}

const REDIRECT_STATUSES = new Set([301, 302, 303, 307, 308]);

/**
 * Headers that a stranger may see. Any other may be a secret (Authorization, Cookie, X-Api-Key,
 * signatures).
 */
const CROSS_ORIGIN_HEADERS = new Set([
  'accept',
  'accept-language',
  'cache-control',
  'content-language',
  'content-type',
  'if-modified-since',
  'if-none-match',
  'range',
]);

/** Set by this client; if a caller set them, it could confuse the framing or the virtual host. */
const OWN_HEADERS = new Set([
  'accept-encoding',
  'connection',
  'content-length',
  'expect',
  'host',
  'keep-alive',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'user-agent',
]);

export function firstHop(url: string, options: OutboundRequest): Hop {
  return {
    url: parseTarget(url),
    method: options.method,
    headers: vetHeaders(options.headers ?? {}),
    body: options.body,
  };
}

/** The next request when the answer redirects, otherwise undefined. @throws OutboundRefused */
export function nextHop(hop: Hop, answer: Pick<OutboundResponse, 'status' | 'headers'>): Hop | undefined {
  const location = answer.headers.location?.trim() ?? '';
  if (!REDIRECT_STATUSES.has(answer.status) || location === '') return undefined;
  const url = parseTarget(asciiOf(location), hop.url);
  const method = redirectedMethod(hop.method, answer.status);
  const body = method === hop.method ? hop.body : undefined;
  if (body !== undefined && hop.url.protocol === 'https:' && url.protocol === 'http:') {
    throw new OutboundRefused('A body that was meant for https is not sent on over http.');
  }
  const sameOrigin = url.origin === hop.url.origin;
  const headers = Object.entries(hop.headers).filter(
    ([name]) =>
      (sameOrigin || CROSS_ORIGIN_HEADERS.has(name)) && (body !== undefined || !name.startsWith('content-')),
  );
  return { url, method, headers: Object.fromEntries(headers), body };
}

/** Header values arrive as bytes (latin1); many servers send UTF-8, and these bytes go into the URL. */
function asciiOf(location: string): string {
  return location.replace(/[\x80-\xff]/g, (byte) => `%${byte.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** As browsers do: 303 means "now fetch it", and so do 301 and 302 after a POST. */
function redirectedMethod(method: Hop['method'], status: number): Hop['method'] {
  if (status === 303) return method === 'HEAD' ? 'HEAD' : 'GET';
  return method === 'POST' && (status === 301 || status === 302) ? 'GET' : method;
}

/** Names in lower case. @throws OutboundRefused for a header that this client sets itself, or that HTTP does not allow. */
export function vetHeaders(headers: Readonly<Record<string, string>>): Record<string, string> {
  const vetted = Object.entries(headers).map(([given, value]): [string, string] => {
    const name = given.toLowerCase();
    if (OWN_HEADERS.has(name) || name.startsWith('proxy-')) {
      throw new OutboundRefused(`The header ${name} is set by this server and cannot be given.`);
    }
    try {
      validateHeaderName(name);
      validateHeaderValue(name, value);
    } catch (cause) {
      throw new OutboundRefused('A header has a name or value that HTTP does not allow.', { cause });
    }
    return [name, value];
  });
  return Object.fromEntries(vetted);
}
