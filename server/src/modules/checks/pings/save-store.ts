import { sql } from 'kysely';
import type { Tx } from '#platform/db/database';
import type { Run } from './standing.ts';

interface Addresses {
  readonly pingId: string;
  readonly pushToken: string;
}

export async function insertPingCheck(
  tx: Tx,
  organizationId: string,
  checkId: string,
  { pingId, pushToken }: Addresses,
): Promise<void> {
  await sql`
    insert into ping_checks (organization_id, check_id, ping_id, push_token)
    values (${organizationId}, ${checkId}, ${pingId}, ${pushToken})`.execute(tx);
}

export async function updatePingAddress(
  tx: Tx,
  checkId: string,
  { pingId, pushToken }: Addresses,
): Promise<void> {
  await sql`
    update ping_checks set ping_id = ${pingId}, push_token = ${pushToken}
    where check_id = ${checkId} and (ping_id <> ${pingId} or push_token <> ${pushToken})`.execute(tx);
}

export async function updatePingSchedule(
  tx: Tx,
  checkId: string,
  state: {
    readonly runs: readonly Run[];
    readonly expectedAt: number | null;
    readonly alarmAt: number | null;
  },
): Promise<void> {
  const time = (ms: number | null) => (ms === null ? null : new Date(ms));
  await sql`
    update ping_checks set runs = ${JSON.stringify(state.runs)}::jsonb, expected_at = ${time(state.expectedAt)},
      alarm_at = ${time(state.alarmAt)}, wake_at = ${time(state.alarmAt)}
    where check_id = ${checkId}`.execute(tx);
}
