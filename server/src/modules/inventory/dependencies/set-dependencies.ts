import type { FieldError } from '#platform/errors';
import { refuse, type Work } from '../work.ts';
import { findCycle } from './find-cycle.ts';
import { lockDependencies, replaceDependencies, selectEdgesFrom, selectParents } from './store.ts';

export interface WantedDependencies {
  deviceId: string;
  /** Slugs; see `parentSlugs`. */
  dependsOn: readonly string[];
  /** The field that holds them, for errors. */
  field: string;
}

/** Sets what these devices depend on. @throws validation_failed for unknown devices and for circles. */
export async function setDependencies(work: Work, wanted: readonly WantedDependencies[]): Promise<void> {
  if (wanted.length === 0) return;
  const { tx, scope } = work;
  const { organizationId } = scope;
  if (wanted.some((one) => one.dependsOn.length > 0)) await lockDependencies(tx, organizationId);
  const pairs = await resolvePairs(work, wanted);
  const deviceIds = wanted.map((one) => one.deviceId);
  await replaceDependencies(tx, organizationId, deviceIds, pairs);
  if (pairs.length === 0) return;
  const cycle = findCycle(await selectEdgesFrom(tx, organizationId, deviceIds));
  if (cycle === undefined) return;
  const field = wanted.find((one) => one.dependsOn.length > 0)?.field ?? 'depends_on';
  refuse([{ field, message: `would make a circle: ${cycle.join(' -> ')}` }]);
}

/** The references of the caller (slugs or ids) as slugs. @throws validation_failed naming the unknown ones */
export async function parentSlugs(work: Work, references: readonly string[]): Promise<string[]> {
  if (references.length === 0) return [];
  const parents = await selectParents(work.tx, work.scope.organizationId, references);
  const bySlug = new Map([
    ...parents.map((row) => [row.id, row.slug] as const),
    ...parents.map((row) => [row.slug, row.slug] as const),
  ]);
  refuse(
    references
      .filter((one) => !bySlug.has(one))
      .map((one) => unknownDevice(`depends_on.${references.indexOf(one)}`, one)),
  );
  return [...new Set(references.map((one) => bySlug.get(one) ?? one))];
}

function unknownDevice(field: string, reference: string): FieldError {
  return { field, message: `there is no device "${reference}"` };
}

async function resolvePairs(
  work: Work,
  wanted: readonly WantedDependencies[],
): Promise<{ deviceId: string; parentId: string }[]> {
  const references = [...new Set(wanted.flatMap((one) => one.dependsOn))];
  const parents =
    references.length === 0 ? [] : await selectParents(work.tx, work.scope.organizationId, references);
  const bySlug = new Map(parents.map((row) => [row.slug, row.id]));
  const errors: FieldError[] = [];
  const pairs: { deviceId: string; parentId: string }[] = [];
  for (const { deviceId, dependsOn, field } of wanted) {
    for (const [index, reference] of dependsOn.entries()) {
      const parentId = bySlug.get(reference);
      if (parentId === undefined) errors.push(unknownDevice(`${field}.${index}`, reference));
      else if (parentId === deviceId)
        errors.push({ field: `${field}.${index}`, message: 'a device cannot depend on itself' });
      else pairs.push({ deviceId, parentId });
    }
  }
  refuse(errors);
  return pairs;
}
