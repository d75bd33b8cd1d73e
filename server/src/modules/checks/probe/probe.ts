import { setTimeout as pause } from 'node:timers/promises';
import type { ProbeTimings } from '@watchkeeper/contracts/checks';
import { cutText } from '@watchkeeper/contracts/text';
import type { Ctx } from '#platform/context';
import { failed, type Probe, unable } from '#platform/exchange/probe';
import type { KindConfig } from '#platform/kinds/registry';
import { OutboundBusy, OutboundRefused } from '#platform/outbound/outbound';
import { withinDeadline } from '#platform/outbound/signal';
import { ownTimeLost } from '#platform/own-time';
import type { CheckKind } from '../kind.ts';
import { failureWords } from './failure-words.ts';

/** Wait between the attempts of one run: long enough for a dropped packet, short enough for short intervals. */
const retryPauseMs = 200;
const logLinesMax = 200;
const logLineLengthMax = 500;
const userAgent = 'Watchkeeper';
/**
 * When this process was blocked for more than this share of the time, a missed deadline says nothing about the target.
 */
const ownShareMax = 0.5;
const ownMsMin = 250;

export interface RunSettings {
  readonly timeoutMs: number;
  readonly retries: number;
}

export interface Run extends Probe {
  readonly attempts: number;
  readonly timings: ProbeTimings;
  readonly log: readonly { ms: number; line: string }[];
}

/** How long a run may take with all its attempts, in milliseconds. */
export function runMsMax({ timeoutMs, retries }: RunSettings): number {
  return (timeoutMs + retryPauseMs) * (retries + 1);
}

/**
 * One run, with up to 1 + retries attempts. Never throws: a fault becomes the result. Each attempt ends at its timeout,
 * even if the target or the kind does not stop.
 */
export async function runCheck(
  ctx: Pick<Ctx, 'outbound' | 'clock'>,
  kind: CheckKind,
  config: KindConfig,
  settings: RunSettings,
  options: { signal: AbortSignal; keepLog: boolean; owner: string; given?: unknown },
): Promise<Run> {
  const began = performance.now();
  const log: { ms: number; line: string }[] = [];
  const note = (line: string): void => {
    if (!options.keepLog || log.length >= logLinesMax) return;
    log.push({ ms: round(performance.now() - began), line: cutText(line, logLineLengthMax, '') });
  };
  for (let attempt = 1; ; attempt += 1) {
    if (settings.retries > 0) note(`attempt ${attempt} of ${settings.retries + 1}`);
    const { probe, timings } = await attemptOnce(
      ctx,
      { kind, config, owner: options.owner, given: options.given },
      settings.timeoutMs,
      options.signal,
      note,
    );
    note(probe.reason);
    // Data that was read beforehand stays the same, so a second attempt would be useless.
    const retries = kind.prepare === undefined ? settings.retries : 0;
    if (probe.outcome === 'ok' || attempt > retries || options.signal.aborted)
      return { ...probe, attempts: attempt, timings, log };
    await pause(retryPauseMs, undefined, { signal: options.signal }).catch(() => undefined);
  }
}

async function attemptOnce(
  ctx: Pick<Ctx, 'outbound' | 'clock'>,
  what: { kind: CheckKind; config: KindConfig; owner: string; given: unknown },
  timeoutMs: number,
  caller: AbortSignal,
  note: (line: string) => void,
): Promise<{ probe: Probe; timings: ProbeTimings }> {
  const { kind, config, owner, given } = what;
  const timings: { -readonly [Phase in keyof ProbeTimings]: number | null } = {
    dns_ms: null,
    connect_ms: null,
    tls_ms: null,
    first_byte_ms: null,
    total_ms: null,
  };
  const started = performance.now();
  const lostBefore = ownTimeLost();
  const run = (signal: AbortSignal): Promise<Probe> =>
    kind.run(
      config,
      {
        outbound: ctx.outbound.of(owner),
        signal,
        timeoutMs,
        userAgent,
        owner,
        now: () => ctx.clock.now(),
        time: (phase, ms) => {
          timings[phase] = round(ms);
        },
        log: note,
      },
      given,
    );
  let probe: Probe;
  try {
    probe = await withinDeadline(`check of the kind ${kind.kind}`, { caller, timeoutMs }, run);
  } catch (error) {
    probe = faultOf(error, ownTimeLost() - lostBefore > Math.max(ownMsMin, timeoutMs * ownShareMax));
  }
  // A copy, because a kind that still runs after its deadline must not change the result.
  return { probe, timings: { ...timings, total_ms: round(performance.now() - started) } };
}

/** `wasBusy`: this process was blocked for most of the attempt's time. */
function faultOf(error: unknown, wasBusy: boolean): Probe {
  if (error instanceof OutboundRefused) return failed(`Refused: ${error.message}`);
  if (error instanceof OutboundBusy) return unable(error.message);
  if (error instanceof Error && error.name === 'TimeoutError' && wasBusy)
    return unable(
      'This server was too busy to run the check: it was blocked for most of the time that the check had.',
    );
  return failed(failureWords(error));
}

function round(ms: number): number {
  return Math.round(ms * 100) / 100;
}
