import { type CheckInput, ManifestChecks, manifestChecksMax } from '@watchkeeper/contracts/checks';
import { durationSeconds } from '@watchkeeper/contracts/duration';
import { requirePermission } from '#modules/identity';
import {
  defineManifestSection,
  type ManifestRun,
  type PlannedStep,
  planEntry,
  planRemoval,
} from '#modules/inventory';
import { invalidField, notFound } from '#platform/errors';
import type { KindConfig } from '#platform/kinds/registry';
import { keepSecrets, openForChange } from '#platform/kinds/secrets';
import { dropCheck } from '../delete-check.ts';
import type { CheckKind } from '../kind.ts';
import { checkKinds } from '../registry.ts';
import { addCheck, changeCheck, kindOf } from '../save-check.ts';
import { type CheckRow, findCheck, selectChecks } from '../store.ts';
import { inField, refuseDoubles, shownConfig } from './entries.ts';

/** `checks` of watchkeeper.yaml, by slug. Checks that belong to something else are not part of the file. */
export const checksSection = defineManifestSection({
  key: 'checks',
  schema: ManifestChecks,
  async plan(run, wanted) {
    requirePermission(run.scope, 'inventory:write');
    refuseDoubles(wanted, 'manifest.checks');
    const there = await selectOwn(run);
    const items: PlannedStep[] = [];
    for (const entry of parentsFirst(wanted)) {
      const before = there.find((check) => check.slug === entry.slug);
      const field = `manifest.checks.${wanted.indexOf(entry)}`;
      items.push(await inField(field, () => planCheck(run, entry, before, field)));
    }
    const named = new Set(wanted.map((entry) => entry.slug));
    const extra = run.prune ? there.filter((check) => !named.has(check.slug)) : [];
    const drop = async (slug: string) => dropCheck(run, await hold(run, slug));
    return { items: [...items, ...extra.map(({ slug }) => planRemoval('check', slug, () => drop(slug)))] };
  },
  async read(work) {
    const rows = await selectOwn(work);
    return { entries: rows.map((row) => toEntry(row, openForChange(row, work.ctx.vault))) };
  },
});

async function selectOwn({ tx, scope }: Pick<ManifestRun, 'tx' | 'scope'>): Promise<CheckRow[]> {
  const all = { like: null, status: null, kind: null, site: null, device: null };
  const rows = await selectChecks(tx, scope.organizationId, {
    ...all,
    after: null,
    limit: manifestChecksMax,
  });
  return rows.filter(
    (row) => checkKinds.find(row.kind)?.madeWith === undefined && row.environment_key === null,
  );
}

/**
 * A check can only depend on an existing one. The order of a circle is left as it is; the circle is refused on save.
 */
function parentsFirst(wanted: readonly CheckInput[]): CheckInput[] {
  const bySlug = new Map(wanted.map((entry) => [entry.slug, entry]));
  const sorted = new Set<CheckInput>();
  const seen = new Set<CheckInput>();
  // An explicit path instead of recursion: a chain may be as long as the file.
  for (const start of wanted) {
    const path = [start];
    for (let entry = path.at(-1); entry !== undefined; entry = path.at(-1)) {
      seen.add(entry);
      const next = (entry.depends_on ?? [])
        .map((slug) => bySlug.get(slug))
        .find((parent) => parent !== undefined && !seen.has(parent));
      if (next !== undefined) path.push(next);
      else sorted.add(path.pop() ?? entry);
    }
  }
  return [...sorted];
}

async function planCheck(
  run: ManifestRun,
  entry: CheckInput,
  before: CheckRow | undefined,
  field: string,
): Promise<PlannedStep> {
  if (before !== undefined && entry.kind !== undefined && before.kind !== entry.kind)
    throw invalidField('kind', `is "${before.kind}" and cannot be changed; make a new check`);
  const kind = before === undefined ? await kindOf(run, entry) : checkKinds.find(before.kind);
  if (kind === undefined) throw invalidField('kind', 'is not known to this server');
  const known = before === undefined ? {} : openForChange(before, run.ctx.vault);
  const config = checkKinds.parse(kind, keepSecrets(kind, entry.config, known));
  const current = before === undefined ? undefined : toEntry(before, known);
  const input = { ...current, ...entry };
  return planEntry('check', entry.slug, current, shown(kind, input, config, known), () =>
    inField(field, async () => {
      if (before === undefined) await addCheck(run, { ...input, kind: kind.kind, config });
      else await changeCheck(run, await hold(run, entry.slug), { ...input, config });
    }),
  );
}

function shown(
  kind: CheckKind,
  input: CheckInput,
  config: KindConfig,
  known: KindConfig,
): Record<string, unknown> {
  const seconds = (value: number | string | null | undefined) =>
    value === null || value === undefined ? value : durationSeconds(value);
  return {
    ...input,
    kind: kind.kind,
    config: shownConfig(kind, config, known),
    interval: seconds(input.interval),
    timeout: seconds(input.timeout),
    depends_on: input.depends_on?.toSorted(),
  };
}

/** A check in the format of the file. For a check of a device, the site is the device's, so it is left out. */
export function toEntry(row: CheckRow, config: KindConfig) {
  return {
    slug: row.slug,
    name: row.name,
    kind: row.kind,
    config: shownConfig(checkKinds.find(row.kind), config, config),
    interval: row.interval_seconds,
    timeout: row.timeout_seconds,
    retries: row.retries,
    alert_after_failures: row.alert_after_failures,
    recover_after_successes: row.recover_after_successes,
    ...(row.device_slug === null ? { site: row.site_slug } : {}),
    device: row.device_slug,
    depends_on: row.depends_on,
    enabled: row.enabled,
  };
}

async function hold(run: ManifestRun, slug: string): Promise<CheckRow> {
  const row = await findCheck(run.tx, run.scope.organizationId, slug, true);
  if (row === undefined) throw notFound('check');
  return row;
}
