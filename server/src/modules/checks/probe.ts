import { setTimeout as pause } from 'node:timers/promises';
import type { ProbeTimings } from '@watchkeeper/contracts/checks';
import type { Ctx } from '#platform/context';
import { OutboundRefused } from '#platform/outbound/outbound';
import { startDeadline } from '#platform/outbound/signal';
import { failureWords } from './failure-words.ts';
import { type CheckKind, failed, type Probe, type ProbeDeps } from './kind.ts';
import type { CheckConfigValues } from './registry.ts';

/** Between the attempts of one run: long enough for a dropped packet, short enough for a short interval. */
const retryPauseMs = 200;
const logLinesMax = 200;
const logLineLengthMax = 500;
const userAgent = 'Watchkeeper';

export interface RunSettings {
  readonly timeoutMs: number;
  readonly retries: number;
}

export interface Run extends Probe {
  readonly attempts: number;
  readonly timings: ProbeTimings;
  readonly log: readonly { ms: number; line: string }[];
}

/** One run: up to 1 + retries attempts. Never throws; what goes wrong is its result. */
export async function runCheck(
  ctx: Pick<Ctx, 'outbound' | 'clock'>,
  kind: CheckKind,
  config: CheckConfigValues,
  settings: RunSettings,
  options: { signal: AbortSignal; keepLog: boolean; given?: unknown },
): Promise<Run> {
  const began = performance.now();
  const log: { ms: number; line: string }[] = [];
  const note = (line: string): void => {
    if (!options.keepLog || log.length >= logLinesMax) return;
    log.push({ ms: round(performance.now() - began), line: line.slice(0, logLineLengthMax) });
  };
  for (let attempt = 1; ; attempt += 1) {
    if (settings.retries > 0) note(`attempt ${attempt} of ${settings.retries + 1}`);
    const { probe, timings } = await attemptOnce(
      ctx,
      { kind, config, given: options.given },
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
  { kind, config, given }: { kind: CheckKind; config: CheckConfigValues; given: unknown },
  timeoutMs: number,
  signal: AbortSignal,
  note: (line: string) => void,
): Promise<{ probe: Probe; timings: ProbeTimings }> {
  const timings: { -readonly [Phase in keyof ProbeTimings]: number | null } = {
    dns_ms: null,
    connect_ms: null,
    tls_ms: null,
    first_byte_ms: null,
    total_ms: null,
  };
  const started = performance.now();
  using deadline = startDeadline(signal, timeoutMs);
  let probe: Probe;
  try {
    const deps: ProbeDeps = {
      outbound: ctx.outbound,
      signal: deadline.signal,
      timeoutMs,
      userAgent,
      now: () => ctx.clock.now(),
      time: (phase, ms) => {
        timings[phase] = round(ms);
      },
      log: note,
    };
    probe = await kind.run(config, deps, given);
  } catch (error) {
    probe = failed(error instanceof OutboundRefused ? `Refused: ${error.message}` : failureWords(error));
  }
  timings.total_ms = round(performance.now() - started);
  return { probe, timings };
}

function round(ms: number): number {
  return Math.round(ms * 100) / 100;
}
