import { durationSeconds } from '@watchkeeper/contracts/duration';
import { ManifestSources, type SourceInput, sourcesMax } from '@watchkeeper/contracts/sources';
import { requirePermission } from '#modules/identity';
import {
  defineManifestSection,
  type ManifestRun,
  type PlannedStep,
  planEntry,
  planRemoval,
} from '#modules/inventory';
import { sourceKinds } from '#modules/sources';
import { invalidField, notFound } from '#platform/errors';
import { keepSecrets, openForChange } from '#platform/kinds/secrets';
import { addSource, changeSource, dropSource, holdSource, sourceDefaults } from '../sources/save-source.ts';
import { sourceFields } from '../sources/source-view.ts';
import { type SourceRow, selectSources } from '../sources/store.ts';
import { inField, refuseDoubles, shownConfig } from './entries.ts';

/** `sources` of watchkeeper.yaml, by slug. Fields that an entry does not mention stay unchanged. */
export const sourcesSection = defineManifestSection({
  key: 'sources',
  schema: ManifestSources,
  async plan(run, wanted) {
    requirePermission(run.scope, 'inventory:write');
    refuseDoubles(wanted, 'manifest.sources');
    const there = await selectSources(run.tx, run.scope.organizationId, { after: null, limit: sourcesMax });
    const items: PlannedStep[] = [];
    for (const [index, entry] of wanted.entries()) {
      const before = there.find((source) => source.slug === entry.slug);
      items.push(await inField(`manifest.sources.${index}`, () => planSource(run, entry, before)));
    }
    const named = new Set(wanted.map((entry) => entry.slug));
    const extra = run.prune ? there.filter((source) => !named.has(source.slug)) : [];
    const drop = async (slug: string) => dropSource(run, await hold(run, slug));
    return { items: [...items, ...extra.map(({ slug }) => planRemoval('source', slug, () => drop(slug)))] };
  },
  async read({ tx, scope }) {
    const rows = await selectSources(tx, scope.organizationId, { after: null, limit: sourcesMax });
    return { entries: rows.map(sourceFields) };
  },
});

async function planSource(
  run: ManifestRun,
  entry: SourceInput,
  before: SourceRow | undefined,
): Promise<PlannedStep> {
  const kind = sourceKinds.get(entry.kind);
  if (before !== undefined && before.kind !== entry.kind)
    throw invalidField('kind', `is "${before.kind}" and cannot be changed; make a new source`);
  const current = before === undefined ? undefined : sourceFields(before);
  const known = before === undefined ? {} : openForChange(before, run.ctx.vault);
  const config = sourceKinds.parse(kind, keepSecrets(kind, entry.config, known));
  const input = { ...(current ?? { ...sourceDefaults, name: entry.slug }), ...entry };
  const shown = {
    ...input,
    config: shownConfig(kind, config, known),
    interval: durationSeconds(input.interval),
    timeout: durationSeconds(input.timeout),
  };
  return planEntry('source', entry.slug, current, shown, async () => {
    // In a new source, the placeholder for "keep this secret" has nothing to keep.
    if (before === undefined) await addSource(run, { ...input, config });
    else await changeSource(run, await hold(run, entry.slug), { ...input, config: entry.config });
  });
}

async function hold(run: ManifestRun, slug: string): Promise<SourceRow> {
  const row = await holdSource(run.tx, run.scope, slug);
  if (row === undefined) throw notFound('source');
  return row;
}
