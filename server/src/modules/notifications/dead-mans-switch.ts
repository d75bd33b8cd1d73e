import { sql } from 'kysely';
import { alertOutbox, detectionService } from '#modules/alerting';
import { readDeliveryBacklog } from '#modules/delivery';
import { incidentOutbox } from '#modules/incidents';
import { nowDate } from '#platform/clock';
import type { Ctx } from '#platform/context';
import type { Tx } from '#platform/db/database';
import type { HealthCheck } from '#platform/health';
import { OutboundRefused } from '#platform/outbound/outbound';
import { readOutbox } from '#platform/outbox';
import type { PeriodicWork } from '#platform/periodic';
import { periodicWorkRows } from '#platform/periodic-rows';
import { unplannedSecondsMax } from './health.ts';

const name = 'notifications.dead-mans-switch';
const everySeconds = 60;
const timeoutMs = 10_000;
/** A message that failed is due at its next attempt, so a receiver that refuses makes no message late. */
const lateSecondsMax = 300;
/** Without a round for this long, no worker runs. */
const staleSeconds = 3 * everySeconds;

/** Why people might not be told of what happens; undefined: detection, grouping and delivery work. Across tenants. */
async function findFault(ctx: Ctx, tx: Tx): Promise<string | undefined> {
  const detection = await detectionService.look(ctx, tx, nowDate(ctx.clock));
  if (detection.status !== 'pass') return detection.output ?? 'The rules are not swept.';
  for (const outbox of [alertOutbox, incidentOutbox]) {
    const { oldestSeconds } = await readOutbox(tx, outbox, 0);
    if (oldestSeconds > unplannedSecondsMax)
      return `The oldest of the ${outbox.name} has waited for ${Math.round(oldestSeconds)} s.`;
  }
  const { late, oldestSeconds } = await readDeliveryBacklog(tx, lateSecondsMax);
  if (late > 0) return `${late} messages are late, the oldest by ${Math.round(oldestSeconds)} s.`;
  return undefined;
}

/**
 * Calls the operator's address while everything works. The service behind it raises the alarm when the calls stop.
 * @throws Error with the reason, kept as the last error of this periodic work.
 */
async function callSwitch(ctx: Ctx, signal: AbortSignal): Promise<void> {
  const url = ctx.config.deadMansSwitchUrl;
  if (url === undefined) return;
  const fault = await ctx.db.system((tx) => findFault(ctx, tx));
  if (fault !== undefined) throw new Error(`It is not called, because people might not be told: ${fault}`);
  const { status } = await ctx.outbound
    .request(url, { method: 'GET', signal, timeoutMs, bodyBytesMax: 1_024, redirectsMax: 3 })
    .catch((error: unknown) => {
      throw new Error(`It could not be called: ${wordsOf(error)}`);
    });
  if (status < 200 || status > 299) throw new Error(`It was called, and answered HTTP ${status}.`);
}

/** Without the address, which may hold a secret. */
function wordsOf(error: unknown): string {
  if (error instanceof OutboundRefused) return error.message;
  if (error instanceof Error && error.name === 'TimeoutError')
    return `no answer within ${timeoutMs / 1000} s.`;
  if (error instanceof Error && 'code' in error) return `${String(error.code)}.`;
  return 'the connection failed.';
}

export const deadMansSwitch: PeriodicWork = {
  name,
  everySeconds: () => everySeconds,
  runSecondsMax: 30,
  run: callSwitch,
};

/** Whether the switch is called, and what it stands for. */
export async function checkSwitch(ctx: Pick<Ctx, 'config' | 'db' | 'clock'>): Promise<HealthCheck> {
  if (ctx.config.deadMansSwitchUrl === undefined)
    return { status: 'pass', output: 'DEAD_MANS_SWITCH_URL is not set.' };
  const { rows } = await ctx.db.system((tx) =>
    sql<{ finished_at: Date | null; last_error: string | null }>`
      select finished_at, last_error from ${periodicWorkRows} w where name = ${name}`.execute(tx),
  );
  const { finished_at = null, last_error = null } = rows[0] ?? {};
  if (finished_at === null) return { status: 'warn', output: 'It has not been called yet.' };
  const age = (ctx.clock.now() - finished_at.getTime()) / 1000;
  if (age > staleSeconds)
    return {
      status: 'warn',
      output: `It was last looked after ${Math.round(age)} s ago; is a worker running?`,
    };
  if (last_error !== null) return { status: 'warn', output: last_error };
  return {
    status: 'pass',
    output: `Called every minute while the rules are swept, changes are planned within ${unplannedSecondsMax} s and no message is ${lateSecondsMax / 60} minutes late.`,
  };
}
