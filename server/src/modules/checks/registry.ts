import { mistakesInTargets } from '#platform/kinds/mistakes-in-targets';
import { createRegistry } from '#platform/kinds/registry';
import type { CheckKind } from './kind.ts';
import * as all from './kinds/all.ts';

export const checkKinds = createRegistry<CheckKind>(Object.values(all), mistakesInTargets);

/** Those that can be made by themselves. */
export function describeCheckKinds() {
  return checkKinds.all.filter((kind) => kind.madeWith === undefined).map(checkKinds.describe);
}
