import { cutText, oneLine } from '@watchkeeper/contracts/text';
import { OutboundRefused, type OutboundResponse } from '#platform/outbound/outbound';
import type { Outcome, SendDeps } from '../outcome.ts';

/** Chat services send the whole message back. */
const answerBytesMax = 65_536;
/** Bytes of it that are looked at for the ledger. */
const detailBytesMax = 2_048;
/** Characters of an answer that the ledger keeps. */
export const detailCharsMax = 300;
/** A receiver may slow us down, but not for a day. */
const retryAfterSecondsMax = 3_600;

/** Statuses that say "not now": everything else below 500 will not get better by itself. */
const retryStatuses = new Set([408, 425, 429]);

/** A proxy passed the request on and got no answer: the server behind it may have the message. */
const answerLostStatuses = new Set([502, 504]);

export interface Post {
  /** Left out: POST. */
  method?: 'POST' | 'PATCH' | 'PUT';
  url: string;
  headers: Record<string, string>;
  body: string;
}

/** The outcome as the status tells it, and the whole answer for those that must look into it. */
export interface Exchange {
  readonly outcome: Outcome;
  /** '' when none came. */
  readonly answer: string;
}

/** One POST and its outcome. Redirects are not followed: the operator must learn that a receiver has moved. */
export async function post(request: Post, deps: SendDeps): Promise<Outcome> {
  return (await exchange(request, deps)).outcome;
}

/** The same, with the answer. */
export async function exchange(request: Post, deps: SendDeps): Promise<Exchange> {
  let response: OutboundResponse;
  try {
    response = await deps.outbound.request(request.url, {
      method: request.method ?? 'POST',
      headers: request.headers,
      body: request.body,
      signal: deps.signal,
      timeoutMs: deps.timeoutMs,
      bodyBytesMax: answerBytesMax,
      redirectsMax: 0,
    });
  } catch (error) {
    return { outcome: outcomeOfFailure(error, deps.timeoutMs), answer: '' };
  }
  const outcome = outcomeOfResponse(response, deps.clock.now());
  return { outcome, answer: response.body.toString('utf8') };
}

export function outcomeOfResponse(response: OutboundResponse, now: number): Outcome {
  const { status } = response;
  const text = tidy(response.body.subarray(0, detailBytesMax).toString('utf8'));
  const answer = { status, detail: text === '' ? `HTTP ${status}` : `HTTP ${status}: ${text}` };
  if (status >= 200 && status < 300) return { outcome: 'sent', ...answer };
  if (status >= 500 || retryStatuses.has(status)) {
    const seconds = retryAfterSeconds(response.headers['retry-after'], now);
    return {
      outcome: 'retry',
      reason:
        status === 429 ? 'The receiver asks us to slow down (429).' : `The receiver answered ${status}.`,
      ...answer,
      ...(seconds === undefined ? {} : { retryAfterSeconds: seconds }),
      ...(answerLostStatuses.has(status) ? { maybeDelivered: true } : {}),
    };
  }
  const reason =
    status < 400
      ? `The receiver answered ${status}; redirects are not followed. Enter the final URL.`
      : `The receiver refused the message (${status}).`;
  return { outcome: 'permanent', reason, ...answer };
}

/** `Retry-After` as seconds or as a date. */
export function retryAfterSeconds(header: string | undefined, now: number): number | undefined {
  if (header === undefined) return undefined;
  const seconds = /^\d+(\.\d+)?$/.test(header) ? Number(header) : (Date.parse(header) - now) / 1000;
  return Number.isFinite(seconds) ? boundRetryAfter(seconds) : undefined;
}

/** Seconds that a receiver asks us to wait, within our bounds. */
export function boundRetryAfter(seconds: number): number {
  return Math.min(Math.max(seconds, 0), retryAfterSecondsMax);
}

/** Failures before the request could be written: the receiver cannot have it. */
const neverArrived = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);

/** The handshake failed, so nothing was written. */
const certificateTrouble = /^(ERR_TLS_|ERR_SSL_|CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_)/;

function outcomeOfFailure(error: unknown, timeoutMs: number): Outcome {
  if (error instanceof OutboundRefused) return { outcome: 'permanent', reason: error.message };
  const name = error instanceof Error ? error.name : '';
  if (name === 'TimeoutError' || name === 'AbortError') {
    return { outcome: 'retry', reason: `No answer within ${timeoutMs / 1000} s.`, maybeDelivered: true };
  }
  const code = codeOf(error);
  const reason = `The receiver could not be reached${code === undefined ? '' : ` (${code})`}.`;
  const surelyNot = code !== undefined && (neverArrived.has(code) || certificateTrouble.test(code));
  return { outcome: 'retry', reason, maybeDelivered: !surelyNot };
}

/** The error's code, or that of what caused it; messages may carry addresses and are not kept. */
export function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  if ('code' in error && typeof error.code === 'string') return error.code;
  if (error instanceof AggregateError) return codeOf(error.errors[0]);
  return codeOf(error.cause);
}

/** One line without control characters, short enough for the ledger. */
export function tidy(text: string): string {
  return cutText(oneLine(text), detailCharsMax);
}
