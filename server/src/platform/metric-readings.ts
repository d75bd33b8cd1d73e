import type { Ctx } from './context.ts';
import type { Tx } from './db/database.ts';

type Labels = Readonly<Record<string, string>>;

/** One series of a gauge: its labels, all that the gauge names, and its value now. */
export type Sample = readonly [labels: Labels, value: number];

/** What one gauge tells. On `/metrics` its name begins with `watchkeeper_`. */
export interface StateGauge {
  /** One sentence. It names the unit where the name does not. */
  readonly help: string;
  /** Names of its labels. Their values come from a small set: at most `samplesMax` series of one gauge. */
  readonly labels?: readonly string[];
}

/**
 * Gauges of the state of the installation that are read together, in one query where possible, each time when
 * `/metrics` is asked. Every process tells the same. What a process counts itself stands in `ctx.metrics` instead.
 */
export interface MetricReading<Name extends string = string> {
  /** In `watchkeeper_metric_read_failed` and in the log. */
  readonly name: string;
  readonly gauges: Readonly<Record<Name, StateGauge>>;
  /** After this time the page is answered without it; left out: `readMsMax`. */
  readonly readMsMax?: number;
  /** In a transaction of its own, across tenants: counts of the installation, without names. */
  readonly read: (ctx: Ctx, tx: Tx, now: Date) => Promise<Readonly<Record<Name, readonly Sample[]>>>;
}

/** Prometheus gives up on a page after 10 seconds, where nothing else is set. */
export const readMsMax = 5_000;
/** More series than this cost whoever keeps them too much. */
export const samplesMax = 200;

/** Checks that `read` answers each gauge of `gauges`. */
export function defineReading<Name extends string>(reading: MetricReading<Name>): MetricReading {
  return reading;
}

/** A gauge without labels has one series. */
export function only(value: number): readonly Sample[] {
  return [[{}, value]];
}
