import { invalidField } from '#platform/errors';
import { describeKinds } from '../describe-kinds.ts';
import type { SourceKind } from './kind.ts';
import * as all from './kinds/all.ts';

export const sourceKinds: ReadonlyMap<string, SourceKind> = new Map(
  Object.values(all).map((kind) => [kind.kind, kind]),
);

/** @throws validation_failed naming the field and the kinds there are. */
export function getSourceKind(name: string): SourceKind {
  const kind = sourceKinds.get(name);
  if (kind === undefined) throw invalidField('kind', `must be one of ${[...sourceKinds.keys()].join(', ')}`);
  return kind;
}

export function describeSourceKinds() {
  return describeKinds(sourceKinds.values()).map((kind) => ({ ...kind, check_kind: kind.kind }));
}
