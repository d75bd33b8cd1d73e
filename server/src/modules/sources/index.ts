import type { Module } from '#platform/module';
import { sourcesClockRules } from './clock-rules.ts';
import { sourceKinds } from './registry.ts';
import { gatherSinks } from './sink.ts';

export { readingRows, sourceRows } from './door-store.ts';
export { isFresh } from './freshness.ts';
export type { SourceKind } from './kind.ts';
export { openReadable, type Readable } from './read-source.ts';
export type { Reading, SourceObject } from './reading.ts';
export { kindsFor, sourceKinds } from './registry.ts';
export { type ReadSource, type SourceSink, sinkOf, type Unstored } from './sink.ts';
export {
  countSources,
  forgetReading,
  hasSource,
  insertSource,
  loadReadable,
  lockSource,
  updateSourceRow,
} from './store.ts';

/**
 * Connections to third parties: credentials, tokens, paging, rate limits and readings. It does not know the meaning of
 * the data.
 */
export const sourcesModule: Module = {
  name: 'sources',
  async start(ctx, house) {
    gatherSinks(
      ctx,
      house,
      sourceKinds.all.map(({ reads }) => reads),
    );
    return undefined;
  },
  clockRules: sourcesClockRules,
};
