import { mistakesInTargets } from '#platform/kinds/mistakes-in-targets';
import { createRegistry } from '#platform/kinds/registry';
import type { SourceKind } from './kind.ts';
import * as all from './kinds/all.ts';

export const sourceKinds = createRegistry<SourceKind>(Object.values(all), mistakesInTargets);
