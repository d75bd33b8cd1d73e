import type { ApplyAnswer, PlanStep } from '@watchkeeper/contracts/manifest';
import { requirePermission, type Scope } from '#modules/identity';
import type { Ctx } from '#platform/context';
import { inOrganization, refuse } from '../work.ts';
import { sectionsToApply } from './registry.ts';
import type { ManifestRun, PlannedStep } from './section.ts';
import { lockManifest } from './store.ts';

/** A file that the registered sections' schemas have passed. */
export type Manifest = Readonly<Record<string, unknown>>;

export interface ApplyOptions {
  dryRun: boolean;
  prune: boolean;
}

/**
 * Brings the organization to the state the file describes, in one transaction: all of it or nothing. A dry
 * run does the same and rolls back, so that its plan is exactly what an application would do.
 */
export async function applyManifest(
  ctx: Ctx,
  scope: Scope,
  manifest: Manifest,
  options: ApplyOptions,
): Promise<ApplyAnswer> {
  requirePermission(scope, 'inventory:write');
  requireSameOrganization(scope, manifest);
  try {
    return await inOrganization(ctx, scope, async (work) => {
      await lockManifest(work.tx, scope.organizationId);
      const run: ManifestRun = { ...work, prune: options.prune, tokens: {} };
      const plan = await applySections(run, manifest);
      if (options.dryRun) throw new DryRunDone(plan);
      return { plan, tokens: run.tokens };
    });
  } catch (error) {
    if (error instanceof DryRunDone) return { plan: error.plan, tokens: {} };
    throw error;
  }
}

/** Section by section; removals last and in reverse, so that a device goes before the site it stood at. */
async function applySections(run: ManifestRun, manifest: Manifest): Promise<PlanStep[]> {
  const steps: PlanStep[] = [];
  const removals: PlannedStep[] = [];
  for (const section of sectionsToApply(run.ctx)) {
    const wanted = manifest[section.key];
    if (wanted === undefined) continue;
    const { items, settle } = await section.plan(run, wanted);
    for (const item of items) {
      steps.push(item.step);
      if (item.step.action === 'delete') removals.unshift(item);
      else await item.apply();
    }
    await settle?.();
  }
  for (const removal of removals) await removal.apply();
  return steps;
}

function requireSameOrganization(scope: Scope, manifest: Manifest): void {
  const { organization } = manifest;
  if (organization === undefined || organization === scope.organizationSlug) return;
  const message = `the file is for the organization "${organization}", not for "${scope.organizationSlug}"`;
  refuse([{ field: 'manifest.organization', message }]);
}

/** Leaves the transaction by the only door that undoes it. */
class DryRunDone extends Error {
  readonly plan: PlanStep[];
  constructor(plan: PlanStep[]) {
    super('dry run');
    this.plan = plan;
  }
}
