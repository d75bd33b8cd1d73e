import { nextTime, parseCron } from './cron.ts';

/** The part of a ping check's config that is not secret: when a ping is due, what pings mean, and texts for people. */
export interface PingConfig {
  readonly period?: number;
  readonly cron?: string;
  readonly timezone: string;
  /** In seconds. */
  readonly grace: number;
  readonly max_run_time?: number;
  readonly methods: 'any' | 'POST';
  readonly start_keywords?: string;
  readonly success_keywords?: string;
  readonly failure_keywords?: string;
  /** A check-in resumes the check while it is paused. */
  readonly resume_on_ping?: boolean;
  readonly description?: string;
  readonly tags?: readonly string[];
}

/**
 * The due time of ping checks: the engine never runs them, but they are not switched off either (that would be null).
 */
export const neverDue = new Date('9999-12-31T00:00:00Z');

export interface Schedule {
  /** When the next check-in is due after one at `atMs`, in milliseconds since the epoch. */
  next(atMs: number): number;
  readonly graceMs: number;
  readonly maxRunMs: number;
}

export function scheduleOf(config: PingConfig): Schedule {
  const graceMs = config.grace * 1_000;
  return {
    next: config.cron === undefined ? byPeriod(config.period) : byCron(config.cron, config.timezone),
    graceMs,
    maxRunMs: config.max_run_time === undefined ? graceMs : config.max_run_time * 1_000,
  };
}

const dayMs = 86_400_000;

function byPeriod(period: number | undefined): (atMs: number) => number {
  const periodMs = period === undefined ? dayMs : period * 1_000;
  return (atMs) => atMs + periodMs;
}

interface Found {
  readonly from: number;
  readonly next: number;
}

/** How many expressions are cached. Many checks share a few. */
const foundMax = 10_000;
const found = new Map<string, Found>();

function byCron(expression: string, timezone: string): (atMs: number) => number {
  const key = `${timezone} ${expression}`;
  return (atMs) => {
    const known = found.get(key);
    if (known !== undefined && known.from <= atMs && atMs < known.next) return known.next;
    // Only expressions with a next time are saved, but the rules of a time zone may change later.
    const next = nextTime(parseCron(expression), timezone, atMs) ?? atMs + dayMs;
    if (found.size >= foundMax) found.clear();
    found.set(key, { from: atMs, next });
    return next;
  };
}
