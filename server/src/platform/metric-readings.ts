import type { Ctx } from './context.ts';
import type { Tx } from './db/database.ts';

type Labels = Readonly<Record<string, string>>;

/** One series of a gauge: a value for each label of the gauge, and the present value. */
export type Sample = readonly [labels: Labels, value: number];

/** One gauge. On `/metrics` its name begins with `watchkeeper_`. */
export interface StateGauge {
  /** One sentence. It names the unit if the gauge's name does not. */
  readonly help: string;
  /** Names of its labels. Their values come from a small set: at most `samplesMax` series of one gauge. */
  readonly labels?: readonly string[];
}

/**
 * Gauges of the state of the installation that are read together, in one query where possible, each time somebody reads
 * `/metrics`. Every process answers the same. Counters of the process itself are in `ctx.metrics` instead.
 */
export interface MetricReading<Name extends string = string> {
  /** Used in `watchkeeper_metric_read_failed` and in the log. */
  readonly name: string;
  readonly gauges: Readonly<Record<Name, StateGauge>>;
  /** After this time the page is sent without it; left out: `readMsMax`. */
  readonly readMsMax?: number;
  /** In a transaction of its own, across tenants: counts of the installation, without names. */
  readonly read: (ctx: Ctx, tx: Tx, now: Date) => Promise<Readonly<Record<Name, readonly Sample[]>>>;
}

/** By default, Prometheus gives up on a page after 10 seconds. */
export const readMsMax = 5_000;
/** More series than this would cost the system that stores them too much. */
export const samplesMax = 200;

/** Makes the compiler check that `read` returns every gauge of `gauges`. */
export function defineReading<Name extends string>(reading: MetricReading<Name>): MetricReading {
  return reading;
}

/** A gauge without labels has one series. */
export function only(value: number): readonly Sample[] {
  return [[{}, value]];
}
