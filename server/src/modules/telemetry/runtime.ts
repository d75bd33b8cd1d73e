import type { Ctx } from '#platform/context';
import type { LiveChange } from '#platform/live';
import { definePart } from '#platform/parts';
import type { HeartbeatRecord } from './history/record.ts';
import { createWordBooks, type WordBooks } from './history/word-book.ts';
import { createDirectory, type Directory } from './intake/directory.ts';
import { createDirectorySource } from './intake/directory-source.ts';
import { createEngine, type Engine } from './intake/engine.ts';
import { createDays, type Days, makeDaysAhead } from './upkeep/partitions.ts';

/** A live heartbeat on its way in, for checks that a higher floor adds (thresholds). */
export interface Arrival {
  readonly organizationId: string;
  readonly siteId: string;
  /** The six fields. */
  readonly values: HeartbeatRecord['values'];
  readonly metrics: HeartbeatRecord['metrics'];
}

/** Synchronous and in memory: it runs for every heartbeat, before commit. true: this one needs attention. */
export type ArrivalCheck = (arrival: Arrival) => boolean;

/** Telemetry's memory for one app. */
export interface Runtime {
  readonly directory: Directory;
  readonly books: WordBooks;
  readonly days: Days;
  readonly engine: Engine;
  readonly checks: ArrivalCheck[];
  /**
   * In milliseconds: a silence longer than the smallest of these is reported with the heartbeat that ends
   * it.
   */
  readonly silences: (() => number)[];
  /** Silence beyond this counts as absence; what waited longer in a buffer proves nothing about now. */
  readonly offlineMs: number;
}

const runtimePart = definePart<Runtime>('telemetry');
const checksMax = 16;

/** @throws when the module was not started for this app. */
export function runtimeOf(ctx: Pick<Ctx, 'parts'>): Runtime {
  return ctx.parts.get(runtimePart);
}

/** @returns what takes it out again. */
export function registerArrivalCheck(ctx: Ctx, check: ArrivalCheck): () => void {
  const { checks } = runtimeOf(ctx);
  if (checks.length >= checksMax) throw new Error(`More than ${checksMax} arrival checks.`);
  checks.push(check);
  return () => {
    const index = checks.indexOf(check);
    if (index >= 0) checks.splice(index, 1);
  };
}

/**
 * `limitMs`: how long a device may be silent before the heartbeat that ends it reports the silence.
 * @returns the function that removes this limit.
 */
export function registerSilenceLimit(ctx: Ctx, limitMs: () => number): () => void {
  const { silences } = runtimeOf(ctx);
  if (silences.length >= checksMax) throw new Error(`More than ${checksMax} limits of silence.`);
  silences.push(limitMs);
  return () => {
    const index = silences.indexOf(limitMs);
    if (index >= 0) silences.splice(index, 1);
  };
}

/** Topics after which held entries of devices may be wrong. `site` and `organization` are part of their address. */
const deviceTopics = new Set(['device', 'device_token']);
const placeTopics = new Set(['site', 'organization', 'resync']);

export async function startTelemetry(ctx: Ctx): Promise<AsyncDisposable> {
  const books = createWordBooks(ctx.db);
  const days = createDays(ctx.db);
  const directory = createDirectory(createDirectorySource(ctx.db), () => ctx.clock.monotonic());
  // Read where they are used, because the limit may change while the server runs.
  const offlineMs = () => ctx.config.heartbeat.offlineSeconds * 1000;
  const silences: (() => number)[] = [];
  const engine = createEngine({
    ctx,
    books,
    days,
    get liveDelayMs() {
      return offlineMs();
    },
    get silenceMs() {
      return Math.min(...silences.map((limitMs) => limitMs()));
    },
  });
  ctx.parts.put(runtimePart, {
    directory,
    books,
    days,
    engine,
    checks: [],
    silences,
    get offlineMs() {
      return offlineMs();
    },
  });
  await makeDaysAhead(days, ctx.clock.now());
  const unsubscribe = ctx.live.subscribe(null, (change) => forgetChanged(directory, change));
  return {
    async [Symbol.asyncDispose]() {
      unsubscribe();
      await engine[Symbol.asyncDispose]();
    },
  };
}

function forgetChanged(directory: Directory, change: LiveChange): void {
  if (placeTopics.has(change.topic)) directory.forgetAll();
  else if (deviceTopics.has(change.topic)) {
    if (change.ids.length === 0) directory.forgetAll();
    else directory.forget(change.ids);
  }
}
