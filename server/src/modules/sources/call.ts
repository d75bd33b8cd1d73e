import { setTimeout as pause } from 'node:timers/promises';
import type { Static, TSchema } from 'typebox';
import { textOf } from '#platform/exchange/http-body';
import { exchangeHttp, type HttpAnswer } from '#platform/exchange/http-exchange';
import { parseJsonAnswer } from '#platform/exchange/json-answer';
import type { ProbeDeps } from '#platform/exchange/probe';
import { validatorOf } from '#platform/kinds/mistakes';
import { firstHop } from '#platform/outbound/hop';
import { clean } from './kind.ts';

/** A shorter wait happens within the reading. A longer one ends the reading, and the next reading respects it. */
const waitMsMax = 5_000;
const waitsMax = 2;
/** Wait when the third party says "later", but not when. */
const waitMsDefault = 60_000;
/** A longer wait is not believed: the third party may have meant milliseconds. */
export const notBeforeSecondsMax = 3_600;

/** A fault in the third party's answer, worded for the person who reads the alert. */
export class SourceFault extends Error {
  readonly status: number | undefined;
  constructor(message: string, status?: number) {
    super(message);
    this.name = 'SourceFault';
    this.status = status;
  }
}

/** Too many calls: make no call before `notBefore`. */
export class RateLimited extends SourceFault {
  readonly notBefore: Date;
  constructor(notBefore: Date) {
    super(`It asks for fewer calls: the next call is not before ${notBefore.toISOString()}.`, 429);
    this.name = 'RateLimited';
    this.notBefore = notBefore;
  }
}

export interface Call {
  readonly method?: 'GET' | 'POST';
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly ca?: string | undefined;
  readonly skipVerify?: boolean;
}

/** Returns a JSON answer of the given shape. @throws SourceFault, RateLimited, or the network's error. */
export async function callJson<S extends TSchema>(
  deps: ProbeDeps,
  call: Call,
  schema: S,
): Promise<Static<S>> {
  const answer = await patiently(deps, call);
  const where = new URL(call.url).pathname;
  if (answer.status < 200 || answer.status > 299) throw refusal(where, answer);
  if (answer.truncated) throw new SourceFault(`${where} answered more than a MiB; ask for smaller pages.`);
  if (answer.bodyFault !== null) throw new SourceFault(`${where} cannot be read. ${answer.bodyFault}`);
  const text = textOf(answer.body, answer.headers['content-type'], false);
  return checked(schema, parse(text, where), where);
}

async function patiently(deps: ProbeDeps, call: Call): Promise<HttpAnswer> {
  for (let waits = 0; ; waits += 1) {
    const answer = await once(deps, call);
    if (answer.status !== 429) return answer;
    const waitMs = retryAfterMs(answer.headers['retry-after'], deps.now());
    if (waits >= waitsMax || waitMs > waitMsMax)
      throw new RateLimited(new Date(deps.now() + Math.min(waitMs, notBeforeSecondsMax * 1000)));
    deps.log(`429: waiting ${Math.round(waitMs)} ms as asked`);
    await pause(waitMs, undefined, { signal: deps.signal }).catch(() => deps.signal.throwIfAborted());
  }
}

async function once(deps: ProbeDeps, call: Call): Promise<HttpAnswer> {
  const hop = firstHop(call.url, {
    method: call.method ?? 'GET',
    headers: { accept: 'application/json', ...call.headers },
    ...(call.body === undefined ? {} : { body: call.body }),
    signal: deps.signal,
    timeoutMs: deps.timeoutMs,
    bodyBytesMax: 0,
  });
  const wish = { ca: call.ca, verify: call.skipVerify !== true, keepBody: true };
  return await exchangeHttp(hop, deps, { ...wish, started: performance.now() });
}

/** The header holds seconds or a date. Anything else means the default wait. */
export function retryAfterMs(header: string | undefined, now: number): number {
  if (header === undefined || header.trim() === '') return waitMsDefault;
  const seconds = Number(header);
  if (Number.isFinite(seconds)) return Math.max(0, seconds * 1_000);
  const at = Date.parse(header);
  return Number.isNaN(at) ? waitMsDefault : Math.max(0, at - now);
}

const statusWords: Readonly<Record<number, string>> = {
  400: 'refused the request as it is (400)',
  401: 'does not accept the credential (401)',
  403: 'does not allow this credential to read it (403)',
  404: 'does not know the path (404): check the address',
};

function refusal(where: string, answer: HttpAnswer): SourceFault {
  const said = statusWords[answer.status];
  return new SourceFault(
    said === undefined ? `${where} answered ${answer.status}.` : `${where} ${said}.`,
    answer.status,
  );
}

function parse(text: string, where: string): unknown {
  const answer = parseJsonAnswer(text);
  if ('value' in answer) return answer.value;
  const start = clean(text.trimStart(), 40).replaceAll(/\s+/g, ' ');
  throw new SourceFault(`${where} gave an answer that is not JSON: "${start}" (${answer.fault}).`);
}

/** The first place where a value has an unexpected shape, in words; undefined when the shape is right. */
export function shapeFault(schema: TSchema, value: unknown): string | undefined {
  for (const issue of validatorOf(schema).Errors(value))
    return `${issue.instancePath === '' ? 'it' : issue.instancePath} ${issue.message}`;
  return undefined;
}

/** @throws SourceFault that names the first place with an unexpected shape. */
export function checked<S extends TSchema>(schema: S, value: unknown, where: string): Static<S> {
  const fault = shapeFault(schema, value);
  if (fault !== undefined) throw new SourceFault(`${where} gave an answer of an unexpected shape: ${fault}.`);
  // Safe because the validator of this schema found no fault.
  return value as Static<S>;
}
