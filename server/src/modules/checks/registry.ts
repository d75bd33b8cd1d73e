import { kindsFor } from '#modules/sources';
import { mistakesInTargets } from '#platform/kinds/mistakes-in-targets';
import { createRegistry } from '#platform/kinds/registry';
import type { CheckKind } from './kind.ts';
import * as all from './kinds/all.ts';
import { defineObservedKind } from './sources/observed.ts';

/** Each source kind that reads devices brings the check kind that judges one of them. */
export const observedKinds = kindsFor('devices').map(defineObservedKind);

export const checkKinds = createRegistry<CheckKind>(
  [...Object.values(all), ...observedKinds].toSorted((one, other) => (one.kind < other.kind ? -1 : 1)),
  mistakesInTargets,
);

/** The kinds of which users can create checks directly. */
export function describeCheckKinds() {
  return checkKinds.all.filter((kind) => kind.madeWith === undefined).map(checkKinds.describe);
}
