import { type HeartbeatRecord, standardFields } from './record.ts';

/** The summary of one field over one bucket of time. */
export interface FieldSummary {
  count: number;
  min: number;
  max: number;
  sum: number;
  last: number;
}

export interface Rollup {
  /** Start of the bucket, ms since the epoch. */
  readonly at: number;
  /** Heartbeats in it. */
  count: number;
  readonly fields: Map<string, FieldSummary>;
}

export const rollupMinutes = [5, 60, 1440] as const;
export type RollupMinutes = (typeof rollupMinutes)[number];

export function bucketStart(at: number, minutes: RollupMinutes): number {
  const size = minutes * 60_000;
  return Math.floor(at / size) * size;
}

/** Feeds heartbeats, in order of time, into rollups of five minutes. */
export function addRecord(rollup: Rollup, record: HeartbeatRecord): void {
  rollup.count += 1;
  for (const field of standardFields) {
    const value = record.values[field];
    if (value !== undefined) addValue(rollup.fields, field, value);
  }
  if (record.metrics === null) return;
  for (const [name, value] of Object.entries(record.metrics))
    addValue(rollup.fields, metricField(name), value);
}

/** A device's own metric may have the name of a standard field; the mark tells them apart. */
const metricMark = ':';

function metricField(name: string): string {
  return metricMark + name;
}

/** undefined: a standard field. */
export function metricNameOf(field: string): string | undefined {
  return field.startsWith(metricMark) ? field.slice(1) : undefined;
}

function addValue(fields: Map<string, FieldSummary>, name: string, value: number): void {
  const known = fields.get(name);
  if (known === undefined) {
    fields.set(name, { count: 1, min: value, max: value, sum: value, last: value });
    return;
  }
  known.count += 1;
  if (value < known.min) known.min = value;
  if (value > known.max) known.max = value;
  known.sum += value;
  known.last = value;
}

/** Feeds finer rollups, in order of time, into a coarser one. */
export function addRollup(rollup: Rollup, finer: Rollup): void {
  rollup.count += finer.count;
  for (const [name, own] of finer.fields) {
    const known = rollup.fields.get(name);
    if (known === undefined) {
      rollup.fields.set(name, { ...own });
      continue;
    }
    known.count += own.count;
    known.min = Math.min(known.min, own.min);
    known.max = Math.max(known.max, own.max);
    known.sum += own.sum;
    known.last = own.last;
  }
}

/** Groups what comes in order of time into buckets. */
export function toRollups<T extends { at: number }>(
  items: Iterable<T>,
  minutes: RollupMinutes,
  add: (rollup: Rollup, item: T) => void,
): Rollup[] {
  const rollups: Rollup[] = [];
  for (const item of items) {
    const at = bucketStart(item.at, minutes);
    let last = rollups.at(-1);
    if (last?.at !== at) {
      last = { at, count: 0, fields: new Map() };
      rollups.push(last);
    }
    add(last, item);
  }
  return rollups;
}
