import { waitAfter } from './backoff.ts';
import type { Beat } from './beat.ts';
import { field, itemErrors, warningsIn } from './item-errors.ts';
import type { Answer, Post } from './post.ts';
import type { Queue } from './queue.ts';

/** A heartbeat on disk. Its time is by this machine's clock, and is corrected when it is sent. */
export interface Stored {
  readonly at: number;
  readonly beat: Omit<Beat, 'sent_at'>;
}

export interface SenderState {
  /** Heartbeats that wait on disk. */
  readonly queued: number;
  /** Heartbeats that were lost: the queue was full, or the server called them invalid. */
  readonly lost: number;
  readonly lastAcceptedAt: number | undefined;
  /** Added to this machine's time once the server has answered; 0 while the clocks agree. */
  readonly clockOffsetMs: number | undefined;
  readonly lastFailure: string | undefined;
}

export interface Sender {
  /** Never throws. A heartbeat that cannot be sent now waits on disk, and is sent before any newer one. */
  send(stored: Stored): Promise<void>;
  /** Sends the waiting heartbeats, if it is time for a try. */
  flush(): Promise<void>;
  /** When to call `flush` next; undefined while nothing waits. */
  readonly retryAt: number | undefined;
  readonly state: SenderState;
  /** How long the server waits for a heartbeat before it calls the device silent. */
  readonly serverLimitMs: number | undefined;
}

interface SenderDeps {
  readonly post: Post;
  readonly queue: Queue<Stored>;
  readonly now: () => number;
  readonly log: (level: 'info' | 'warn', message: string) => void;
}

/** A smaller difference comes from the network. Following it would mix up the order of the times. */
const offsetToleranceMs = 2_000;
/** Clocks further apart than this are logged. */
const offsetWarnMs = 30_000;
/** An answer that took longer is too imprecise to compare clocks. */
const roundTripMsMax = 5_000;
/** Limit per answer. */
const warningsToldMax = 20;
/** Errors of items that the server will always refuse. */
const invalidCodes = new Set(['validation_failed', 'unknown_field']);

export function createSender({ post, queue, now, log }: SenderDeps): Sender {
  let failures = 0;
  let blockedUntil = 0;
  let invalid = 0;
  let lastAcceptedAt: number | undefined;
  let offsetMs: number | undefined;
  let lastFailure: string | undefined;
  let serverLimitMs: number | undefined;
  let warned: ReadonlySet<string> = new Set();

  function toBeat({ at, beat }: Stored): Beat {
    return { ...beat, sent_at: new Date(at + (offsetMs ?? 0)).toISOString() };
  }

  /** @returns the answer when it is 202. Otherwise stores the reason and the time of the next try. */
  async function ask(path: string, body: unknown): Promise<Answer | undefined> {
    const startedAt = now();
    let answer: Answer;
    try {
      answer = await post(path, body);
    } catch (error) {
      fail(`no answer: ${error instanceof Error ? error.message : error}`, false, undefined);
      return undefined;
    }
    if (answer.status !== 202) {
      const refused =
        answer.status >= 400 && answer.status < 500 && answer.status !== 429 && answer.status !== 408;
      fail(`${answer.status}: ${detailOf(answer.body)}`, refused, answer.retryAfterMs);
      return undefined;
    }
    learnTime(answer.body, startedAt, now());
    tellWarnings(answer.body);
    return answer;
  }

  function fail(reason: string, refused: boolean, retryAfterMs: number | undefined): void {
    failures += 1;
    const waitMs = waitAfter(failures, { refused, retryAfterMs });
    blockedUntil = now() + waitMs;
    if (reason !== lastFailure)
      log('warn', `heartbeats wait on disk, next try in ${Math.ceil(waitMs / 1_000)} s: ${reason}`);
    lastFailure = reason;
  }

  function succeed(): void {
    if (lastFailure !== undefined) log('info', 'the server accepts heartbeats again');
    failures = 0;
    blockedUntil = 0;
    lastFailure = undefined;
    lastAcceptedAt = now();
  }

  /** Logs each message once while it lasts, because every heartbeat would repeat it. */
  function tellWarnings(body: unknown): void {
    const lines = warningsIn(body).slice(0, warningsToldMax);
    for (const line of lines) if (!warned.has(line)) log('warn', `the server says: ${line}`);
    warned = new Set(lines);
  }

  function learnTime(body: unknown, startedAt: number, endedAt: number): void {
    const server = timeIn(body, 'server_time');
    if (server === undefined) return;
    const expected = timeIn(body, 'next_expected_at');
    if (expected !== undefined && expected > server) serverLimitMs = expected - server;
    if (endedAt - startedAt > roundTripMsMax) return;
    // The server's time is that of arrival, so only the way there makes this imprecise.
    const measured = server - startedAt;
    if (Math.abs(measured - (offsetMs ?? 0)) <= offsetToleranceMs) {
      offsetMs ??= 0;
      return;
    }
    offsetMs = measured;
    if (Math.abs(offsetMs) > offsetWarnMs)
      log(
        'warn',
        `this machine's clock is ${Math.round(-offsetMs / 1_000)} s off the server's; times are corrected`,
      );
  }

  /** @returns whether the file is finished. */
  async function sendOldest(items: readonly Stored[]): Promise<boolean> {
    const answer = await ask('/heartbeats', { heartbeats: items.map(toBeat) });
    if (answer === undefined) return false;
    const errors = itemErrors(answer.body);
    const other = errors.find((error) => !invalidCodes.has(error.code));
    if (other !== undefined) {
      fail(`${other.code}: ${other.message}`, true, undefined);
      return false;
    }
    const [first] = errors;
    if (first !== undefined) {
      invalid += errors.length;
      log(
        'warn',
        `the server calls ${errors.length} of ${items.length} heartbeats invalid: ${first.message}`,
      );
    }
    return true;
  }

  async function flush(): Promise<void> {
    while (queue.length > 0 && now() >= blockedUntil) {
      const batch = queue.oldest();
      if (batch === undefined) return;
      if (batch.items.length > 0 && !(await sendOldest(batch.items))) return;
      batch.done();
      succeed();
    }
  }

  return {
    async send(stored) {
      if (queue.length === 0 && now() >= blockedUntil) {
        const answer = await ask('/heartbeat', toBeat(stored));
        if (answer !== undefined) return succeed();
      }
      queue.add(stored);
      await flush();
    },
    flush,
    get retryAt() {
      return queue.length > 0 ? blockedUntil : undefined;
    },
    get state() {
      return {
        queued: queue.length,
        lost: queue.dropped + invalid,
        lastAcceptedAt,
        clockOffsetMs: offsetMs === undefined ? undefined : Math.round(offsetMs),
        lastFailure,
      };
    },
    get serverLimitMs() {
      return serverLimitMs;
    },
  };
}

function timeIn(body: unknown, name: string): number | undefined {
  const text = field(body, name);
  const ms = typeof text === 'string' ? Date.parse(text) : Number.NaN;
  return Number.isNaN(ms) ? undefined : ms;
}

function detailOf(body: unknown): string {
  const detail = field(body, 'detail');
  return typeof detail === 'string' ? detail : 'the answer explains nothing';
}
