import type { Dispatcher } from 'undici';
import { createAddressPolicy } from './address.ts';
import { firstHop, type Hop, nextHop } from './hop.ts';
import { createVetHost, knownRefusal, type VetHost } from './host.ts';
import { createLookup, type Lookup } from './lookup.ts';
import type { Outbound, OutboundRequest, OutboundResponse } from './outbound.ts';
import { OutboundBusy, OutboundRefused } from './outbound.ts';
import type { PinnedPools } from './pinned-pools.ts';
import { withinDeadline } from './signal.ts';
import { parseTarget, targetOrigin, targetPort } from './target.ts';

const TIMEOUT_MS_MAX = 10 * 60_000;
const VET_TIMEOUT_MS = 5_000;
const REDIRECTS_MAX = 10;
const REQUEST_BODY_BYTES_MAX = 16 * 1024 * 1024;
const RESPONSE_BODY_BYTES_MAX = 64 * 1024 * 1024;
/** Callers have their own limits; this one protects the process from a caller without one. */
const IN_FLIGHT_MAX = 1024;

export interface OutboundOptions {
  /** Networks (CIDR) that may be reached although they are not public: OUTBOUND_ALLOW. */
  readonly allow: readonly string[];
  readonly userAgent: string;
  readonly lookup?: Lookup;
}

/** @throws Error naming the entry of `allow` that is not a network. */
export function createOutbound(options: OutboundOptions): Outbound & AsyncDisposable {
  const policy = createAddressPolicy(options.allow);
  const vetHost = createVetHost(policy, options.lookup ?? createLookup());
  let closed = false;
  let opened: Promise<PinnedPools> | undefined;
  /** Loaded with the first request: a pass from cron often makes none. */
  const open = (): Promise<PinnedPools> => {
    if (closed) throw new Error('The outbound client is closed.');
    opened ??= import('./pinned-pools.ts').then((module) => new module.PinnedPools());
    return opened;
  };
  let inFlight = 0;
  return {
    async request(url, request) {
      assertBounds(request);
      if (inFlight >= IN_FLIGHT_MAX)
        throw new OutboundBusy(`${IN_FLIGHT_MAX} outbound requests are already under way.`);
      inFlight += 1;
      const bounds = { caller: request.signal, timeoutMs: request.timeoutMs };
      try {
        return await withinDeadline('outbound request', bounds, async (signal) => {
          const pools = await open();
          const call = (hop: Hop) => callHop(hop, { vetHost, pools, userAgent: options.userAgent }, signal);
          return await follow(firstHop(url, request), call, request);
        });
      } finally {
        inFlight -= 1;
      }
    },
    async vet(url) {
      const target = parseTarget(url);
      await vetHost(target.hostname, targetPort(target), AbortSignal.timeout(VET_TIMEOUT_MS));
    },
    knownRefusal: (hostname, port) => knownRefusal(policy, hostname, port),
    vetHost,
    of: (owner) => ({ vetHost: (hostname, port, signal) => vetHost(hostname, port, signal, owner) }),
    async [Symbol.asyncDispose]() {
      closed = true;
      await (await opened)?.[Symbol.asyncDispose]();
    },
  };
}

interface Answer extends Pick<OutboundResponse, 'status' | 'headers'> {
  readonly body: Dispatcher.ResponseData['body'];
}

async function follow(
  first: Hop,
  call: (hop: Hop) => Promise<Answer>,
  request: OutboundRequest,
): Promise<OutboundResponse> {
  const redirectsMax = request.redirectsMax ?? 0;
  let hop = first;
  let answer = await call(hop);
  for (let followed = 0; followed < redirectsMax; followed += 1) {
    const redirecting = answer;
    try {
      const next = nextHop(hop, redirecting);
      if (next === undefined) break;
      discard(redirecting);
      hop = next;
      answer = await call(hop);
    } catch (error) {
      discard(redirecting);
      throw asRedirected(error);
    }
  }
  return readAnswer(answer, request.bodyBytesMax);
}

interface CallDeps {
  readonly vetHost: VetHost;
  readonly pools: PinnedPools;
  readonly userAgent: string;
}

async function callHop(hop: Hop, deps: CallDeps, signal: AbortSignal): Promise<Answer> {
  const host = await deps.vetHost(hop.url.hostname, targetPort(hop.url), signal);
  const dispatcher = deps.pools.for(targetOrigin(hop.url, host), host);
  const response = await dispatcher.request({
    path: `${hop.url.pathname}${hop.url.search}`,
    method: hop.method,
    headers: {
      accept: '*/*',
      ...hop.headers,
      // A compressed answer could unpack to any size, so we do not ask for one and do not unpack one.
      'accept-encoding': 'identity',
      'user-agent': deps.userAgent,
    },
    body: hop.body ?? null,
    signal,
  });
  const headers = Object.entries(response.headers).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, Array.isArray(value) ? value.join(', ') : value] as const],
  );
  return { status: response.statusCode, headers: Object.fromEntries(headers), body: response.body };
}

async function readAnswer(answer: Answer, bodyBytesMax: number): Promise<OutboundResponse> {
  const { status, headers } = answer;
  const kept: Buffer[] = [];
  let left = bodyBytesMax;
  // Leaving the loop early destroys the stream, and with it the connection.
  for await (const chunk of bytesOf(answer.body)) {
    if (chunk.length > left) {
      kept.push(chunk.subarray(0, left));
      return { status, headers, body: Buffer.concat(kept), bodyTruncated: true };
    }
    kept.push(chunk);
    left -= chunk.length;
  }
  return { status, headers, body: Buffer.concat(kept), bodyTruncated: false };
}

/** A stream without an encoding yields Buffers; its type does not say so. */
function bytesOf(body: Answer['body']): AsyncIterable<Buffer> {
  return body;
}

/** Drops a body unread. To destroy it reports an error, which is expected here. */
function discard(answer: Answer): void {
  answer.body.on('error', () => undefined).destroy();
}

function asRedirected(error: unknown): unknown {
  if (!(error instanceof OutboundRefused)) return error;
  return new OutboundRefused(`The answer is a redirect that is not followed. ${error.message}`, {
    cause: error,
  });
}

function assertBounds(request: OutboundRequest): void {
  assertWithin('timeoutMs', request.timeoutMs, 1, TIMEOUT_MS_MAX);
  assertWithin('bodyBytesMax', request.bodyBytesMax, 0, RESPONSE_BODY_BYTES_MAX);
  assertWithin('redirectsMax', request.redirectsMax ?? 0, 0, REDIRECTS_MAX);
  assertWithin('the length of body', Buffer.byteLength(request.body ?? ''), 0, REQUEST_BODY_BYTES_MAX);
}

function assertWithin(what: string, value: number, min: number, max: number): void {
  if (value >= min && value <= max) return;
  throw new RangeError(`An outbound request needs ${what} between ${min} and ${max}, not ${value}.`);
}
