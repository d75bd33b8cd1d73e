import { sql } from 'kysely';
import { deviceStateRows } from '#modules/telemetry';
import type { Tx } from '#platform/db/database';
import type { Moment } from '../judgement.ts';
import type { DeviceScan, RuleKind } from '../kind.ts';

/** Devices that may change state, by kind. Kinds without a rule that could change anything are left out. */
export type Found = ReadonlyMap<string, readonly string[]>;

/**
 * One pass over device_state for all kinds that watch devices, because this pass is the main cost of a tick.
 * `materialized` keeps the planner from joining a million devices before it has filtered them.
 */
export async function scanDevices(
  tx: Tx,
  kinds: readonly RuleKind[],
  moment: Moment,
  limit: number,
): Promise<Found> {
  const scans: { kind: string; scan: DeviceScan }[] = [];
  for (const { kind, scan: plan } of kinds) {
    const scan = await plan?.(tx, moment, limit);
    if (scan !== null && scan !== undefined) scans.push({ kind, scan });
  }
  if (scans.length === 0) return new Map();
  const filters = scans.map(({ scan }) => sql`(${scan.filter})`);
  const parts = scans.map(
    ({ kind, scan }) => sql`select ${sql.lit(kind)} as kind, f.device_id from (${scan.found}) f`,
  );
  const { rows } = await sql<{ kind: string; device_id: string }>`
    with hot as materialized (select * from ${deviceStateRows} ds where ${sql.join(filters, sql` or `)})
    ${sql.join(parts, sql` union all `)}`.execute(tx);
  const byKind = Map.groupBy(rows, (row) => row.kind);
  return new Map(scans.map(({ kind }) => [kind, (byKind.get(kind) ?? []).map((row) => row.device_id)]));
}
