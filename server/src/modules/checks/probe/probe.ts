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

/** Between the attempts of one run: long enough for a dropped packet, short enough for a short interval. */
const retryPauseMs = 200;
const logLinesMax = 200;
const logLineLengthMax = 500;
const userAgent = 'Watchkeeper';
/** A deadline that was missed while this process stood still for most of it says nothing of the target. */
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
 * One run: up to 1 + retries attempts. Never throws; what goes wrong is its result. Each attempt ends at its
 * timeout, whatever the target and the kind do.
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
    // What was read beforehand does not change by being judged twice.
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
  // A copy: what goes on after its deadline changes nothing any more.
  return { probe, timings: { ...timings, total_ms: round(performance.now() - started) } };
}

/** `wasBusy`: most of the time that the attempt had was lost in this process. */
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
