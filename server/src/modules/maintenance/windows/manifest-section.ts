import {
  type MaintenanceInput,
  ManifestMaintenance,
  type ManifestMaintenanceEntry,
  maintenanceWindowsMax,
} from '@watchkeeper/contracts/maintenance';
import { requirePermission } from '#modules/identity';
import {
  defineManifestSection,
  duplicateSlugs,
  type ManifestRun,
  type PlannedStep,
  planEntry,
  planRemoval,
} from '#modules/inventory';
import { AppError, notFound } from '#platform/errors';
import { settle } from '../runs/lifecycle.ts';
import { coverableChecks } from './coverable-checks.ts';
import { parseWindow } from './parse-window.ts';
import { addWindow, changeWindow, dropWindow } from './save-window.ts';
import { findWindow, selectAllWindows } from './store.ts';
import { toFields, type Window, type WindowValues } from './window.ts';

/** `maintenance` of watchkeeper.yaml: windows by slug. Applying it again does not disturb running windows. */
const maintenanceSection = defineManifestSection({
  key: 'maintenance',
  schema: ManifestMaintenance,
  async plan(run, wanted) {
    requirePermission(run.scope, 'alerts:operate');
    const [double, ...more] = duplicateSlugs(wanted, 'manifest.maintenance');
    if (double !== undefined)
      throw new AppError('validation_failed', `${double.field}: ${double.message}.`, {
        errors: [double, ...more],
      });
    const there = await selectAllWindows(
      run.tx,
      coverableChecks(run.ctx),
      run.scope.organizationId,
      maintenanceWindowsMax,
    );
    const items: PlannedStep[] = [];
    for (const [index, entry] of wanted.entries()) {
      const before = there.find((window) => window.slug === entry.slug);
      items.push(await inField(`manifest.maintenance.${index}`, () => planWindow(run, entry, before)));
    }
    const named = new Set(wanted.map((entry) => entry.slug));
    const extra = run.prune ? there.filter((window) => !named.has(window.slug)) : [];
    const drop = async (slug: string) => dropWindow(run, await hold(run, slug));
    return {
      items: [...items, ...extra.map(({ slug }) => planRemoval('maintenance', slug, () => drop(slug)))],
    };
  },
  async read({ ctx, tx, scope }) {
    const windows = await selectAllWindows(
      tx,
      coverableChecks(ctx),
      scope.organizationId,
      maintenanceWindowsMax,
    );
    return { entries: windows.map(toEntry) };
  },
});

async function planWindow(
  run: ManifestRun,
  entry: ManifestMaintenanceEntry,
  before: Window | undefined,
): Promise<PlannedStep> {
  const input = before === undefined ? entry : keepUnmentioned(entry, before);
  const values = await parseWindow(run, run.scope.organizationId, {
    input,
    slug: entry.slug,
    before,
    now: run.at,
  });
  const current = before === undefined ? undefined : toEntry(before);
  return planEntry('maintenance', entry.slug, current, toEntry(values), async () => {
    if (before === undefined) await addWindow(run, values);
    else await changeWindow(run, await hold(run, entry.slug), values);
  });
}

/** Fields that an entry does not mention stay unchanged. */
function keepUnmentioned(entry: ManifestMaintenanceEntry, before: Window): MaintenanceInput {
  return {
    timezone: before.timezone,
    recurrence: before.recurrence,
    suppress_alerts: before.suppressAlerts,
    auto_reply: before.autoReply,
    ...entry,
  };
}

async function hold(run: ManifestRun, slug: string): Promise<Window> {
  const window = await findWindow(run.tx, coverableChecks(run.ctx), run.scope.organizationId, slug, true);
  if (window === undefined) throw notFound('maintenance window');
  return await settle(run, window);
}

/** Adds the entry's place in the file to errors inside the entry. */
async function inField<T>(prefix: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof AppError) || error.errors.length === 0) throw error;
    const errors = error.errors.map(({ field, message }) => ({ field: `${prefix}.${field}`, message }));
    throw new AppError(error.code, `${prefix}.${error.message}`, { errors });
  }
}

/**
 * When the first local time does not exist because the clocks change, it is written as a local time: an instant would
 * lose it.
 */
function toEntry(values: WindowValues) {
  const { wall } = values;
  const times = wall == null ? {} : { start_time: wall.start, end_time: wall.end };
  return { ...toFields(values), ...times };
}

export const sections = [maintenanceSection];
