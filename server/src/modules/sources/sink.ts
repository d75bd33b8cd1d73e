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

/** An item that cannot be stored; what was known of it stays. */
export interface Unstored {
  readonly name: string;
  readonly error: unknown;
}

/** Where readings of one sort go. Declared here and filled by the module that owns what is read, a floor above. */
export interface SourceSink<R extends SinkName = SinkName> {
  readonly reads: R;
  /** Keeps what a reading says, in the transaction of the reading. One item that cannot be stored costs itself. */
  keep(tx: Tx, source: ReadSource, reading: Reading<ReadItems[R]>, at: Date): Promise<readonly Unstored[]>;
  /** Another account over there knows other things by the same ids. */
  forget(tx: Tx, sourceId: string): Promise<void>;
}

declare module '#platform/module' {
  interface Module {
    /** Whoever owns what sources read takes it from them. */
    readonly sourceSinks?: readonly SourceSink[];
  }
}

const sinksPart = definePart<ReadonlyMap<string, SourceSink>>('sources.sinks');

/** @throws at the start, where a reading would have nowhere to go, or two places. */
export function gatherSinks(ctx: Pick<Ctx, 'parts'>, house: House, wanted: readonly SinkName[]): void {
  const sinks = house.flatMap(({ sourceSinks }) => sourceSinks ?? []);
  const byName = new Map(sinks.map((sink) => [sink.reads, sink]));
  if (byName.size < sinks.length) throw new Error('Two modules take the same readings from sources.');
  ctx.parts.put(sinksPart, byName);
  for (const reads of wanted) sinkOf(ctx, reads);
}

/** @throws when no module of the house takes it. */
export function sinkOf(ctx: Pick<Ctx, 'parts'>, reads: SinkName): SourceSink {
  const sink = ctx.parts.get(sinksPart).get(reads);
  if (sink === undefined) throw new Error(`No module takes ${reads} from sources.`);
  return sink;
}
