import { createHash } from 'node:crypto';
import type { CheckUpdate } from '@watchkeeper/contracts/checks';
import type { PingPhase } from '@watchkeeper/contracts/pings';
import { requirePermission, type Scope } from '#modules/identity';
import type { Ctx } from '#platform/context';
import type { Tx } from '#platform/db/database';
import { AppError, notFound } from '#platform/errors';
import { isId } from '#platform/ids';
import { dropCheck } from '../delete-check.ts';
import { addCheck, type CheckWork, changeCheck, checksPerOrganizationMax } from '../save-check.ts';
import { type CheckRow, findCheck, findChecks, selectChecks } from '../store.ts';
import { readProgress } from '../uptime/store.ts';
import { type FlipRow, findByPingId, lockManaged, selectFlips, selectPingIds } from './managed-store.ts';
import { type PingConfig, scheduleOf } from './schedule.ts';
import { phaseOf } from './standing.ts';
import { asPingConfig } from './view.ts';

/** A ping check, as the Healthchecks management API shows it. */
export interface PingCheck {
  readonly id: string;
  /** The UUID of its ping URL: a secret. */
  readonly uuid: string;
  /** Identifies the check without revealing its address. */
  readonly uniqueKey: string;
  readonly slug: string;
  readonly name: string;
  readonly enabled: boolean;
  readonly config: PingConfig;
  readonly phase: PingPhase;
  /** Like `phase`, but a running job is ignored. */
  readonly standing: PingPhase;
  readonly pings: number;
  readonly lastPingAt: Date | null;
  readonly lastDurationMs: number | null;
  readonly expectedAt: Date | null;
}

/** The new values of a check that is changed or created. */
export interface PingCheckChange {
  /** undefined: the slug is used as the name. */
  readonly name: string | undefined;
  /** In order of preference. The first free one is taken. */
  readonly slugs: readonly string[];
  readonly config: PingConfig;
}

export type PingCheckSpec = (before: PingCheck | undefined) => PingCheckChange;

type ManageCtx = Pick<Ctx, 'db' | 'clock' | 'vault' | 'live' | 'config' | 'outbound'>;

/** Ordered by slug. All of them: the number of checks per organization is limited. */
export async function listPingChecks(ctx: Pick<Ctx, 'db' | 'clock'>, scope: Scope): Promise<PingCheck[]> {
  requirePermission(scope, 'read');
  const now = ctx.clock.now();
  return await ctx.db.tenant(scope.organizationId, (tx) => readAll(tx, scope, now));
}

/** Found by UUID or unique key. @throws not_found */
export async function getPingCheck(
  ctx: Pick<Ctx, 'db' | 'clock'>,
  scope: Scope,
  reference: string,
): Promise<PingCheck> {
  requirePermission(scope, 'read');
  const row = await ctx.db.tenant(scope.organizationId, (tx) => find(tx, scope, reference, false));
  return toPingCheck(row, ctx.clock.now());
}

/** Changes the check that `matches`, or creates one. null: always create one. */
export async function upsertPingCheck(
  ctx: ManageCtx,
  scope: Scope,
  matches: ((check: PingCheck) => boolean) | null,
  spec: PingCheckSpec,
): Promise<{ readonly check: PingCheck; readonly created: boolean }> {
  requirePermission(scope, 'inventory:write');
  const now = ctx.clock.now();
  return await ctx.db.tenant(scope.organizationId, async (tx) => {
    const work = { ctx, tx, scope };
    await lockManaged(tx, scope.organizationId);
    const before = matches === null ? undefined : (await readAll(tx, scope, now)).find(matches);
    if (before !== undefined) {
      const row = await find(tx, scope, before.uuid, true);
      return { check: await change(work, row, spec, now), created: false };
    }
    const { name, slugs, config } = spec(undefined);
    const slug = await freeSlug(tx, scope, slugs);
    const named = name === undefined ? {} : { name };
    const made = await addCheck(work, { slug, ...named, kind: 'ping', config: { ...config } });
    return { check: await reread(work, made.check.id, now), created: true };
  });
}

/** Found by UUID. @throws not_found */
export async function changePingCheck(
  ctx: ManageCtx,
  scope: Scope,
  uuid: string,
  spec: PingCheckSpec,
): Promise<PingCheck> {
  requirePermission(scope, 'inventory:write');
  const now = ctx.clock.now();
  return await ctx.db.tenant(scope.organizationId, async (tx) => {
    await lockManaged(tx, scope.organizationId);
    return await change({ ctx, tx, scope }, await find(tx, scope, uuid, true), spec, now);
  });
}

/** @throws not_found; conflict when a check that is not paused should be resumed */
export async function switchPingCheck(
  ctx: ManageCtx,
  scope: Scope,
  uuid: string,
  enabled: boolean,
): Promise<PingCheck> {
  requirePermission(scope, 'inventory:write');
  const now = ctx.clock.now();
  return await ctx.db.tenant(scope.organizationId, async (tx) => {
    const row = await find(tx, scope, uuid, true);
    if (enabled && row.enabled) throw new AppError('conflict', 'check is not paused');
    const work = { ctx, tx, scope };
    if (row.enabled !== enabled) await changeCheck(work, row, { ...asInput(row), enabled });
    return await reread(work, row.id, now);
  });
}

/** Returns the check as it was before. @throws not_found */
export async function dropPingCheck(
  ctx: Pick<Ctx, 'db' | 'clock' | 'live'>,
  scope: Scope,
  uuid: string,
): Promise<PingCheck> {
  requirePermission(scope, 'inventory:write');
  return await ctx.db.tenant(scope.organizationId, async (tx) => {
    const row = await find(tx, scope, uuid, true);
    await dropCheck({ ctx, tx, scope }, row);
    return toPingCheck(row, ctx.clock.now());
  });
}

/** When the check went up, went down, or was paused; newest first. @throws not_found */
export async function listFlips(
  ctx: Pick<Ctx, 'db'>,
  scope: Scope,
  reference: string,
  range: { readonly from: Date | null; readonly to: Date | null; readonly limit: number },
): Promise<FlipRow[]> {
  requirePermission(scope, 'read');
  // A system transaction, because the progress of the sums belongs to no tenant.
  const progress = await ctx.db.system(readProgress);
  return await ctx.db.tenant(scope.organizationId, async (tx) => {
    const row = await find(tx, scope, reference, false);
    return await selectFlips(tx, row.id, range, progress ?? null);
  });
}

async function readAll(tx: Tx, scope: Scope, now: number): Promise<PingCheck[]> {
  const rows = await selectChecks(tx, scope.organizationId, {
    limit: checksPerOrganizationMax,
    kind: 'ping',
    after: null,
    like: null,
    status: null,
    site: null,
    device: null,
  });
  return rows.map((row) => toPingCheck(row, now));
}

async function find(tx: Tx, scope: Scope, reference: string, lock: boolean): Promise<CheckRow> {
  const { organizationId } = scope;
  const id = isId(reference)
    ? await findByPingId(tx, organizationId, reference.toLowerCase())
    : (await selectPingIds(tx, organizationId)).find(({ ping_id: uuid }) => uniqueKeyOf(uuid) === reference)
        ?.check_id;
  const row = id === undefined ? undefined : await findCheck(tx, organizationId, id, lock);
  if (row === undefined) throw notFound('check');
  return row;
}

async function change(work: CheckWork, row: CheckRow, spec: PingCheckSpec, now: number): Promise<PingCheck> {
  const { name, slugs, config } = spec(toPingCheck(row, now));
  const slug = slugs.includes(row.slug) ? row.slug : await freeSlug(work.tx, work.scope, slugs);
  const input = { ...asInput(row), slug, name: name ?? slug, config: { ...config } };
  await changeCheck(work, row, input);
  return await reread(work, row.id, now);
}

/** @throws already_exists when all of them are taken */
async function freeSlug(tx: Tx, scope: Scope, slugs: readonly string[]): Promise<string> {
  const taken = new Set((await findChecks(tx, scope.organizationId, slugs)).map(({ slug }) => slug));
  const free = slugs.find((slug) => !taken.has(slug));
  if (free !== undefined) return free;
  throw new AppError('already_exists', `There is already a check "${slugs[0]}".`, {
    errors: [{ field: 'slug', message: `"${slugs[0]}" is taken; slugs are unique in an organization` }],
  });
}

async function reread({ tx, scope }: CheckWork, id: string, now: number): Promise<PingCheck> {
  const row = await findCheck(tx, scope.organizationId, id);
  if (row === undefined) throw notFound('check');
  return toPingCheck(row, now);
}

/** The check's current values as an update. Secrets (its addresses) are kept when they are left out. */
function asInput(row: CheckRow): CheckUpdate {
  return {
    slug: row.slug,
    name: row.name,
    config: row.config,
    alert_after_failures: row.alert_after_failures,
    recover_after_successes: row.recover_after_successes,
    ...(row.device_id === null ? { site: row.site_id } : { device: row.device_id }),
    depends_on: row.depends_on,
    enabled: row.enabled,
  };
}

function toPingCheck(row: CheckRow, now: number): PingCheck {
  const uuid = row.ping_id ?? '';
  const config = asPingConfig(row.config);
  const schedule = scheduleOf(config);
  const runs = row.runs ?? [];
  const state = { runs, expectedAt: row.expected_at?.getTime() ?? null };
  const phase = phaseOf(state, row, schedule, now);
  return {
    id: row.id,
    uuid,
    uniqueKey: uniqueKeyOf(uuid),
    slug: row.slug,
    name: row.name,
    enabled: row.enabled,
    config,
    phase,
    standing: phase === 'started' ? phaseOf({ ...state, runs: [] }, row, schedule, now) : phase,
    pings: Number(row.pings ?? 0),
    lastPingAt: row.last_ping_at,
    lastDurationMs: row.last_duration_ms,
    expectedAt: row.expected_at,
  };
}

/** Derived from the UUID as Healthchecks does it, so that checks that were moved here keep their unique key. */
function uniqueKeyOf(uuid: string): string {
  return createHash('sha1').update(uuid.replaceAll('-', '').slice(0, 16)).digest('hex');
}
