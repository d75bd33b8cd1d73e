import type { TObject } from 'typebox';
import { mistakesInTargets } from '#platform/kinds/mistakes-in-targets';
import { createRegistry } from '#platform/kinds/registry';
import type { SourceKind } from './kind.ts';
import * as all from './kinds/all.ts';
import type { SinkName } from './reading.ts';

export const sourceKinds = createRegistry<SourceKind>(Object.values(all), mistakesInTargets);

/** The source kinds whose readings go to this sink. */
export function kindsFor<R extends SinkName>(sink: R): readonly SourceKind<TObject, R>[] {
  // Safe because `reads` determines the types of everything else in the kind.
  return sourceKinds.all.filter(({ reads }) => reads === sink) as unknown as SourceKind<TObject, R>[];
}
