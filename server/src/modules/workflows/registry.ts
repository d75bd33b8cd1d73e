import { createRegistry } from '#platform/kinds/registry';
import type { StepKind } from './step-kind.ts';
import * as all from './steps/all.ts';

export const stepKinds = createRegistry<StepKind>(Object.values(all));
