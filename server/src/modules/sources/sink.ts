import type { Ctx } from '#platform/context';
import type { Tx } from '#platform/db/database';
import type { House } from '#platform/module';
import { definePart } from '#platform/parts';
import type { ReadItems, Reading, SinkName } from './reading.ts';

/** The source of a reading, as a sink sees it. */
export interface ReadSource {
  readonly organization_id: string;
  readonly id: string;
  readonly slug: string;
  readonly kind: string;
}

/** An item that cannot be stored. Its earlier data stays. */
export interface Unstored {
  readonly name: string;
  readonly error: unknown;
}

/** Receives readings of one type. Declared here, and implemented by the module on a higher floor that owns the data. */
export interface SourceSink<R extends SinkName = SinkName> {
  readonly reads: R;
  /** Stores a reading, in the transaction of the reading. An item that cannot be stored does not stop the others. */
  keep(tx: Tx, source: ReadSource, reading: Reading<ReadItems[R]>, at: Date): Promise<readonly Unstored[]>;
  /** Deletes what was stored. With another account, the same ids may mean other things. */
  forget(tx: Tx, sourceId: string): Promise<void>;
}

declare module '#platform/module' {
  interface Module {
    /** For the modules that own the data which sources read. */
    readonly sourceSinks?: readonly SourceSink[];
  }
}

const sinksPart = definePart<ReadonlyMap<string, SourceSink>>('sources.sinks');

/** @throws at start, when a reading would have no sink, or two. */
export function gatherSinks(ctx: Pick<Ctx, 'parts'>, house: House, wanted: readonly SinkName[]): void {
  const sinks = house.flatMap(({ sourceSinks }) => sourceSinks ?? []);
  const byName = new Map(sinks.map((sink) => [sink.reads, sink]));
  if (byName.size < sinks.length) throw new Error('Two modules take the same readings from sources.');
  ctx.parts.put(sinksPart, byName);
  for (const reads of wanted) sinkOf(ctx, reads);
}

/** @throws when no module has this sink. */
export function sinkOf(ctx: Pick<Ctx, 'parts'>, reads: SinkName): SourceSink {
  const sink = ctx.parts.get(sinksPart).get(reads);
  if (sink === undefined) throw new Error(`No module takes ${reads} from sources.`);
  return sink;
}
