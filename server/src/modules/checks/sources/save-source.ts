import { durationSeconds } from '@watchkeeper/contracts/duration';
import {
  type Source,
  type SourceInput,
  type SourceUpdate,
  sourceIntervalSecondsMax,
  sourceIntervalSecondsMin,
  sourcesMax,
} from '@watchkeeper/contracts/sources';
import { audit, requirePermission, type Scope } from '#modules/identity';
import {
  countSources,
  forgetReading,
  insertSource,
  lockSource,
  sinkOf,
  sourceKinds,
  updateSourceRow,
} from '#modules/sources';
import type { Ctx } from '#platform/context';
import { isUniqueViolation, type Tx } from '#platform/db/database';
import { AppError, invalidField, notFound } from '#platform/errors';
import { newId } from '#platform/ids';
import { refuseTargets } from '#platform/kinds/refuse-targets';
import type { KindConfig } from '#platform/kinds/registry';
import { isKept, keepSecrets, openForChange, sealConfig } from '#platform/kinds/secrets';
import {
  type CheckFields,
  deleteCheckRow,
  findPlace,
  insertCheck,
  setDue,
  switchOff,
  updateCheckRow,
} from '../store.ts';
import { sourceFields, toSource } from './source-view.ts';
import { findSource, type SourceRow } from './store.ts';

const intervalSecondsDefault = 60;
const timeoutSecondsDefault = 30;
const timeoutSecondsMin = 1;
const timeoutSecondsMax = 120;
const alertAfterFailuresDefault = 2;

/** The defaults of a new source. */
export const sourceDefaults = {
  interval: intervalSecondsDefault,
  timeout: timeoutSecondsDefault,
  alert_after_failures: alertAfterFailuresDefault,
  site: null,
  enabled: true,
} as const;

/** The transaction of a change to sources: by a request, or by a manifest. */
export interface SourceWork {
  readonly ctx: Pick<Ctx, 'clock' | 'vault' | 'live' | 'outbound' | 'parts'>;
  readonly tx: Tx;
  readonly scope: Scope;
}

interface Saved {
  readonly source: Source;
  readonly version: number;
}

type SaveCtx = Pick<Ctx, 'db' | 'clock' | 'vault' | 'live' | 'outbound' | 'parts'>;

export async function createSource(ctx: SaveCtx, scope: Scope, input: SourceInput): Promise<Saved> {
  requirePermission(scope, 'inventory:write');
  return await ctx.db.tenant(scope.organizationId, (tx) => addSource({ ctx, tx, scope }, input));
}

/** Creates the source, and the check that reads it; the first reading is due at once. */
export async function addSource(work: SourceWork, input: SourceInput): Promise<Saved> {
  const { ctx, tx, scope } = work;
  const { organizationId } = scope;
  const at = new Date(ctx.clock.now());
  if ((await countSources(tx, organizationId)) >= sourcesMax)
    throw new AppError('conflict', `An organization has at most ${sourcesMax} sources.`);
  const kind = sourceKinds.get(input.kind);
  const fields = await toCheckFields(tx, scope, input.slug, input);
  const config = sourceKinds.parse(kind, input.config);
  refuseTargets(ctx, kind, config);
  const stored = sealConfig(kind, config, ctx.vault);
  const [id, checkId] = [newId(), newId()];
  const check = { ...fields, config: { source: input.slug }, secrets: null };
  const taken = takenSlug(input.slug);
  await insertCheck(tx, organizationId, checkId, 'source', check, at, fields.enabled ? at : null).catch(
    taken,
  );
  await insertSource(
    tx,
    organizationId,
    { ...stored, id, slug: input.slug, kind: kind.kind, checkId },
    at,
  ).catch(taken);
  return await finish(work, id, 'source.created', undefined);
}

/** Replaces all editable fields. `checkVersion` is the caller's If-Match. */
export async function updateSource(
  ctx: SaveCtx,
  scope: Scope,
  reference: string,
  input: SourceUpdate,
  checkVersion: (version: number) => void,
): Promise<Saved> {
  requirePermission(scope, 'inventory:write');
  return await ctx.db.tenant(scope.organizationId, async (tx) => {
    const before = await holdSource(tx, scope, reference);
    if (before === undefined) throw notFound('source');
    checkVersion(before.version);
    return await changeSource({ ctx, tx, scope }, before, input);
  });
}

export async function changeSource(work: SourceWork, before: SourceRow, input: SourceUpdate): Promise<Saved> {
  const { ctx, tx, scope } = work;
  const at = new Date(ctx.clock.now());
  for (const field of ['slug', 'kind'] as const) {
    if (input[field] !== undefined && input[field] !== before[field])
      throw invalidField(field, `is "${before[field]}" and cannot be changed; make a new source`);
  }
  const kind = sourceKinds.get(before.kind);
  const fields = await toCheckFields(tx, scope, before.slug, input);
  const known = openForChange(before, ctx.vault);
  const config = sourceKinds.parse(kind, keepSecrets(kind, input.config, known));
  refuseTargets(ctx, kind, config, known);
  await updateSourceRow(tx, scope.organizationId, before.id, sealConfig(kind, config, ctx.vault), at);
  const check = { ...fields, config: { source: before.slug }, secrets: null };
  await updateCheckRow(tx, scope.organizationId, before.check_id, check, at);
  if (kind.target(config) !== targetOf(kind.target, known)) {
    refuseKeptSecrets(kind.secrets, input.config);
    await forgetReading(tx, before.id);
    await sinkOf(ctx, kind.reads).forget(tx, before.id);
  }
  if (fields.enabled) await setDue(tx, before.check_id, at);
  else if (before.enabled) await switchOff(tx, scope.organizationId, before.check_id, at);
  return await finish(work, before.id, 'source.updated', before);
}

/**
 * A caller who may change the address must not be able to have kept secrets sent to it, because those were never shown.
 */
function refuseKeptSecrets(secrets: readonly string[], config: KindConfig): void {
  const kept = secrets.find((name) => isKept(config[name]));
  if (kept !== undefined)
    throw invalidField(`config.${kept}`, 'must be entered again, because the address has changed');
}

/** The stored config may be too old for the current version of its kind. */
function targetOf(target: (config: KindConfig) => string, config: KindConfig): string | undefined {
  try {
    return target(config);
  } catch {
    return undefined;
  }
}

/** Locked for a change until the end of the transaction. */
export async function holdSource(
  tx: Tx,
  { organizationId }: Pick<Scope, 'organizationId'>,
  reference: string,
): Promise<SourceRow | undefined> {
  const id = await lockSource(tx, organizationId, reference);
  return id === undefined ? undefined : await findSource(tx, organizationId, id);
}

export async function deleteSource(
  ctx: SaveCtx,
  scope: Scope,
  reference: string,
  checkVersion: (version: number) => void,
): Promise<void> {
  requirePermission(scope, 'inventory:write');
  await ctx.db.tenant(scope.organizationId, async (tx) => {
    const before = await holdSource(tx, scope, reference);
    if (before === undefined) throw notFound('source');
    checkVersion(before.version);
    await dropSource({ ctx, tx, scope }, before);
  });
}

/**
 * Deletes the source with its check, its readings and its observations. Checks of its devices stay, and say that the
 * source is gone.
 */
export async function dropSource({ ctx, tx, scope }: SourceWork, before: SourceRow): Promise<void> {
  const { organizationId } = scope;
  await deleteCheckRow(tx, organizationId, before.check_id);
  await audit(tx, scope, {
    action: 'source.deleted',
    target: { kind: 'source', id: before.id, name: before.slug },
    before: sourceFields(before),
  });
  await ctx.live.publish(tx, { organizationId, topic: 'check', ids: [before.check_id] });
  await ctx.live.publish(tx, { organizationId, topic: 'source', ids: [before.id] });
}

async function toCheckFields(
  tx: Tx,
  scope: Scope,
  slug: string,
  input: SourceInput | SourceUpdate,
): Promise<CheckFields> {
  const interval = within('interval', input.interval ?? intervalSecondsDefault, {
    min: sourceIntervalSecondsMin,
    max: sourceIntervalSecondsMax,
  });
  const timeout = within('timeout', input.timeout ?? timeoutSecondsDefault, {
    min: timeoutSecondsMin,
    max: timeoutSecondsMax,
  });
  const reference = input.site ?? null;
  const site = reference === null ? null : await findPlace(tx, scope.organizationId, 'site', reference);
  if (site === undefined) throw invalidField('site', `there is no site "${reference}"`);
  return {
    slug: `source:${slug}`,
    name: input.name ?? slug,
    interval_seconds: interval,
    timeout_seconds: timeout,
    // No retries within a run: a reading handles waiting itself, and the next one comes soon.
    retries: 0,
    alert_after_failures: input.alert_after_failures ?? alertAfterFailuresDefault,
    recover_after_successes: 1,
    site_id: site?.id ?? null,
    device_id: null,
    enabled: input.enabled ?? true,
  };
}

function within(field: string, duration: number | string, bounds: { min: number; max: number }): number {
  const seconds = durationSeconds(duration);
  if (seconds < bounds.min || seconds > bounds.max)
    throw invalidField(field, `must be from ${bounds.min} s to ${bounds.max} s`);
  return seconds;
}

async function finish(
  { ctx, tx, scope }: SourceWork,
  id: string,
  action: string,
  before: SourceRow | undefined,
): Promise<Saved> {
  const { organizationId } = scope;
  const row = await findSource(tx, organizationId, id);
  if (row === undefined) throw notFound('source');
  await audit(tx, scope, {
    action,
    target: { kind: 'source', id, name: row.slug },
    ...(before === undefined ? {} : { before: sourceFields(before) }),
    after: sourceFields(row),
  });
  await ctx.live.publish(tx, { organizationId, topic: 'check', ids: [row.check_id] });
  await ctx.live.publish(tx, { organizationId, topic: 'source', ids: [id] });
  return { source: toSource(row, ctx.clock.now()), version: row.version };
}

function takenSlug(slug: string): (error: unknown) => never {
  return (error) => {
    if (!isUniqueViolation(error)) throw error;
    throw new AppError('already_exists', `There is already a source "${slug}".`, {
      cause: error,
      errors: [{ field: 'slug', message: `"${slug}" is taken` }],
    });
  };
}
