import { randomBytes, randomUUID } from 'node:crypto';
import type { Ctx } from '#platform/context';
import { isUniqueViolation, type Tx } from '#platform/db/database';
import { AppError, type FieldError } from '#platform/errors';
import type { KindConfig } from '#platform/kinds/registry';
import type { CheckFields, CheckRow } from '../store.ts';
import { pingTopic } from './directory.ts';
import { insertPingCheck, updatePingAddress, updatePingSchedule } from './save-store.ts';
import { scheduleOf } from './schedule.ts';
import { alarmAt } from './standing.ts';
import { asPingConfig } from './view.ts';

/** Interval, timeout and retries do not apply to a check that waits for pings. @throws validation_failed */
export function awaitedSettings(
  fields: Pick<CheckFields, 'interval_seconds' | 'timeout_seconds' | 'retries'>,
): void {
  const errors: FieldError[] = [];
  for (const [field, value] of [
    ['interval', fields.interval_seconds],
    ['timeout', fields.timeout_seconds],
    ['retries', fields.retries],
  ] as const)
    if (value !== null)
      errors.push({ field, message: 'does not apply to this kind; see `config.period` and `config.grace`' });
  const first = errors[0];
  if (first !== undefined)
    throw new AppError('validation_failed', `${first.field}: ${first.message}.`, { errors });
}

/** Every ping check has both addresses: those in the config, or new ones. */
export function withAddresses(config: KindConfig): KindConfig {
  return {
    ...config,
    uuid: typeof config.uuid === 'string' ? config.uuid.toLowerCase() : randomUUID(),
    push_token: config.push_token ?? randomBytes(24).toString('base64url'),
  };
}

export async function makePing(
  ctx: Pick<Ctx, 'live'>,
  tx: Tx,
  organizationId: string,
  id: string,
  config: KindConfig,
): Promise<void> {
  await insertPingCheck(tx, organizationId, id, addressesOf(config)).catch(takenAddress);
  await ctx.live.publish(tx, { organizationId, topic: pingTopic, ids: [id] });
}

/** The caller holds the lock of the ping row. */
export async function changePing(
  ctx: Pick<Ctx, 'live'>,
  tx: Tx,
  organizationId: string,
  before: CheckRow,
  after: { readonly enabled: boolean; readonly config: KindConfig },
  at: Date,
): Promise<void> {
  await updatePingAddress(tx, before.id, addressesOf(after.config)).catch(takenAddress);
  await ctx.live.publish(tx, { organizationId, topic: pingTopic, ids: [before.id] });
  if (!after.enabled || !before.enabled) {
    // A check that is switched on again starts like a new one.
    await updatePingSchedule(tx, before.id, { runs: [], expectedAt: null, alarmAt: null });
    return;
  }
  const schedule = scheduleOf(asPingConfig(after.config));
  const last = before.last_ping_at?.getTime();
  const next = last === undefined ? null : schedule.next(last);
  const now = at.getTime();
  // A tighter schedule must not make past check-ins late.
  const expectedAt = next === null || next + schedule.graceMs > now ? next : schedule.next(now);
  const runs = before.runs ?? [];
  const state = { pings: 0, lastPingAt: null, lastKind: null, lastDurationMs: null, runs, expectedAt };
  await updatePingSchedule(tx, before.id, { runs, expectedAt, alarmAt: alarmAt(state, schedule) });
}

function addressesOf(config: KindConfig): { pingId: string; pushToken: string } {
  return { pingId: String(config.uuid), pushToken: String(config.push_token) };
}

/**
 * The address may belong to another organization. Saying so reveals nothing: a caller who has the address knows that it
 * exists.
 */
function takenAddress(error: unknown): never {
  if (!isUniqueViolation(error)) throw error;
  const field = isUniqueViolation(error, 'ping_checks_ping_id_key') ? 'config.uuid' : 'config.push_token';
  throw new AppError('already_exists', 'There is already a check with this address.', {
    cause: error,
    errors: [{ field, message: 'is taken' }],
  });
}
