import { sql } from 'kysely';
import type { Ctx } from '#platform/context';
import {
  type MetricReading,
  readMsMax,
  type Sample,
  type StateGauge,
  samplesMax,
} from '#platform/metric-readings';
import type { House } from '#platform/module';
import { createBoundedReads } from './bounded-reads.ts';

/** This many are read at once. Requests need the other connections. */
const lanes = 3;

/** One gauge with its series now. */
export interface ToldGauge extends StateGauge {
  readonly name: string;
  readonly samples: readonly Sample[];
}

export interface ToldState {
  readonly gauges: readonly ToldGauge[];
  /** For each reading, by name: whether it failed. */
  readonly failed: ReadonlyMap<string, boolean>;
}

/** Reads the figures of all modules. @throws at once, when two of them have the same name */
export function createStateReader(ctx: Ctx, house: House): () => Promise<ToldState> {
  const readings = house.flatMap(({ metrics }) => metrics ?? []);
  requireUnlike(readings.map(({ name }) => name));
  requireUnlike(readings.flatMap(({ gauges }) => Object.keys(gauges)));
  const reads = createBoundedReads<readonly ToldGauge[]>(ctx.log);

  return async () => {
    const gauges: ToldGauge[] = [];
    const failed = new Map<string, boolean>();
    const waiting = [...readings];
    const lane = async () => {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
        const reading = next;
        const told = await reads.read(reading.name, reading.readMsMax ?? readMsMax, () =>
          readOne(ctx, reading),
        );
        failed.set(reading.name, told === undefined);
        gauges.push(...(told ?? []));
      }
    };
    await Promise.all(Array.from({ length: lanes }, lane));
    return { gauges, failed };
  };
}

async function readOne(ctx: Ctx, reading: MetricReading): Promise<ToldGauge[]> {
  const timeout = `${reading.readMsMax ?? readMsMax}ms`;
  // Across tenants: these are counts of the installation.
  const samples = await ctx.db.system(async (tx) => {
    await sql`select set_config('statement_timeout', ${timeout}, true)`.execute(tx);
    return await reading.read(ctx, tx, new Date(ctx.clock.now()));
  });
  return Object.entries(reading.gauges).map(([name, gauge]) =>
    checkGauge({ ...gauge, name, samples: samples[name] ?? [] }),
  );
}

/** @throws Error: series without bounds, or with other labels than the gauge declares */
function checkGauge(gauge: ToldGauge): ToldGauge {
  const { name, samples, labels = [] } = gauge;
  if (samples.length > samplesMax)
    throw new Error(`${name} has ${samples.length} series; at most ${samplesMax} are told.`);
  const declared = [...labels].sort().join();
  for (const [given] of samples)
    if (Object.keys(given).sort().join() !== declared)
      throw new Error(
        `${name} declares the labels "${declared}" and has a series with "${Object.keys(given)}".`,
      );
  return gauge;
}

function requireUnlike(names: readonly string[]): void {
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new Error(`Two modules bring a metric named "${twice}".`);
}
