import type { Alert, BulkAlertResult } from '@watchkeeper/contracts';
import { audit, requirePermission, type Scope } from '#modules/identity';
import { lockDeviceStates } from '#modules/telemetry';
import type { Ctx } from '#platform/context';
import { isUniqueViolation, type Tx } from '#platform/db/database';
import { AppError, notFound } from '#platform/errors';
import { rewatchDevices } from '../detection/watch-devices.ts';
import { toAlert } from './alert-view.ts';
import { type AlertRow, findAlerts } from './store.ts';
import type { AlertVerb } from './verbs.ts';

/** If a new alert opens at the moment when an older one is reopened, the new one wins. The next attempt sees it. */
const attemptsMax = 3;

/** One verb on many alerts in one transaction, each with its own outcome. */
export async function actOnAlerts(
  ctx: Ctx,
  scope: Scope,
  verb: AlertVerb,
  ids: readonly string[],
): Promise<BulkAlertResult[]> {
  requirePermission(scope, 'alerts:operate');
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await ctx.db.tenant(scope.organizationId, (tx) => actIn(ctx, tx, scope, verb, ids));
    } catch (error) {
      if (!isUniqueViolation(error) || attempt === attemptsMax) throw error;
    }
  }
}

/** @throws not_found, conflict */
export async function actOnAlert(ctx: Ctx, scope: Scope, verb: AlertVerb, id: string): Promise<Alert> {
  const [result] = await actOnAlerts(ctx, scope, verb, [id]);
  if (result === undefined || result.alert === null) throw notFound('alert');
  if (result.outcome === 'conflict') throw new AppError('conflict', result.detail ?? '');
  return result.alert;
}

async function actIn(
  ctx: Ctx,
  tx: Tx,
  scope: Scope,
  verb: AlertVerb,
  ids: readonly string[],
): Promise<BulkAlertResult[]> {
  const before = byId(await findAlerts(tx, ids));
  const known = [...before.keys()];
  const changed = new Set(await carryOut(ctx, tx, scope, verb, [...before.values()]));
  const after = byId(await findAlerts(tx, known));
  for (const id of changed) await auditChange(tx, scope, verb, before.get(id), after.get(id));
  return ids.map((id) => resultOf(id, after.get(id), changed.has(id), verb));
}

/** The devices of these alerts, if the verb concerns them: locked before everything of incidents and alerts. */
async function holdDevices(tx: Tx, verb: AlertVerb, rows: readonly AlertRow[]): Promise<string[]> {
  const devices = rows.flatMap((row) => (row.device_id === null ? [] : [row.device_id]));
  // Devices before alerts, as in docs/lock-order.md.
  if (verb.concernsDevices) await lockDeviceStates(tx, devices);
  return devices;
}

async function carryOut(
  ctx: Ctx,
  tx: Tx,
  scope: Scope,
  verb: AlertVerb,
  rows: readonly AlertRow[],
): Promise<readonly string[]> {
  const devices = await holdDevices(tx, verb, rows);
  const ids = rows.map((row) => row.id);
  const changed = await verb.apply(ctx, tx, scope, ids);
  if (verb.concernsDevices && changed.length > 0) await rewatchDevices(tx, devices);
  return changed;
}

/** A verb on the alerts of something else, which the caller locks in between and whose audit names the alerts. */
export interface HeldAlerts {
  /** The alerts that exist. */
  readonly ids: readonly string[];
  /** Carries the verb out on some of them. Returns those that changed. */
  carryOut(ids: readonly string[]): Promise<readonly string[]>;
}

/** Locks what comes before incidents in docs/lock-order.md. The caller has checked the permission, and audits. */
export async function holdAlertsOf(
  ctx: Ctx,
  tx: Tx,
  scope: Scope,
  verb: AlertVerb,
  ids: readonly string[],
): Promise<HeldAlerts> {
  const rows = byId(await findAlerts(tx, ids));
  await holdDevices(tx, verb, [...rows.values()]);
  return {
    ids: [...rows.keys()],
    carryOut: (some) =>
      carryOut(
        ctx,
        tx,
        scope,
        verb,
        some.flatMap((id) => rows.get(id) ?? []),
      ),
  };
}

function byId(rows: readonly AlertRow[]): Map<string, AlertRow> {
  return new Map(rows.map((row) => [row.id, row]));
}

async function auditChange(
  tx: Tx,
  scope: Scope,
  verb: AlertVerb,
  before: AlertRow | undefined,
  after: AlertRow | undefined,
): Promise<void> {
  if (before === undefined || after === undefined) return;
  await audit(tx, scope, {
    action: verb.action,
    target: { kind: 'alert', id: after.id, name: after.title },
    before: { status: before.status },
    after: { status: after.status, ...verb.noted },
  });
}

function resultOf(id: string, row: AlertRow | undefined, changed: boolean, verb: AlertVerb): BulkAlertResult {
  if (row === undefined) return { id, outcome: 'not_found', detail: null, alert: null };
  const alert = toAlert(row);
  if (changed) return { id, outcome: 'changed', detail: null, alert };
  const refusal = verb.refusal(row);
  return { id, outcome: refusal === undefined ? 'unchanged' : 'conflict', detail: refusal ?? null, alert };
}
