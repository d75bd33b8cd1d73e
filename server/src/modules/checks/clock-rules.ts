import { sql } from 'kysely';
import { deviceRows, deviceTypeRows } from '#modules/inventory';
import { back, type ClockRule, healRows, stampedRows } from '#platform/clock-step';
import { stepSecondsMin } from '#platform/clock-steps-store';
import { intervalSecondsMin, settingDefaults } from './settings.ts';

const hourMs = 3_600_000;
/** A run is stopped long before this. A lease that ends later than this cannot be right. */
const leaseSecondsMax = 900;

/** A check is due at most one of its intervals from now. */
const dueTimes: ClockRule = {
  table: 'check_state',
  columns: ['next_due_at'],
  past: [],
  async heal(tx, { now, shiftMs }) {
    const { numAffectedRows } = await sql`
      update check_state s set next_due_at = least(${back(sql`s.next_due_at`, shiftMs)}, ${now}::timestamptz)
      from (
        select x.check_id from check_state x join checks c on c.id = x.check_id left join ${deviceRows} d on d.id = c.device_id
        left join ${deviceTypeRows} t on t.id = d.type_id
        where x.next_due_at > ${now}::timestamptz + make_interval(secs => ${stepSecondsMin}::float8 +
          greatest(coalesce(c.interval_seconds, t.check_interval_seconds, ${sql.lit(settingDefaults.interval)}), ${sql.lit(intervalSecondsMin)}))
        limit ${healRows}
      ) late where late.check_id = s.check_id`.execute(tx);
    return Number(numAffectedRows ?? 0);
  },
};

/** Ping checks are judged again now, by the pings that were received. */
const checkIns: ClockRule = {
  table: 'ping_checks',
  columns: ['last_ping_at', 'expected_at', 'alarm_at', 'wake_at'],
  past: ['last_ping_at'],
  async heal(tx, { now, shiftMs }) {
    const wrong = new Date(now.getTime() + stepSecondsMin * 1000);
    const shift = Math.round(shiftMs);
    const { numAffectedRows } = await sql`
      update ping_checks p set last_ping_at = least(${back(sql`p.last_ping_at`, shiftMs)}, ${now}::timestamptz),
        expected_at = ${back(sql`p.expected_at`, shiftMs)}, alarm_at = ${back(sql`p.alarm_at`, shiftMs)},
        wake_at = ${back(sql`p.alarm_at`, shiftMs)},
        runs = (select coalesce(jsonb_agg(case when (r->>'startedAt')::float8 > ${wrong.getTime()}::float8
          then r || jsonb_build_object('startedAt', (r->>'startedAt')::float8 - ${shift}::float8) else r end), '[]'::jsonb)
          from jsonb_array_elements(p.runs) r)
      where p.last_ping_at > ${wrong} or exists (select from jsonb_array_elements(p.runs) r
        where (r->>'startedAt')::float8 > ${wrong.getTime()}::float8)`.execute(tx);
    return Number(numAffectedRows ?? 0);
  },
};

/** Stretches are cut where the clock began to be wrong, and computed again from the results. */
const spans: ClockRule = {
  table: 'check_spans',
  columns: ['from_at', 'to_at'],
  past: ['from_at', 'to_at'],
  async heal(tx, { now, shiftMs }) {
    const { rows: ahead } =
      await sql`select from check_spans_progress where upto > ${now} for update`.execute(tx);
    if (ahead.length === 0) return 0;
    const { rows } = await sql<{ first: Date | null }>`
      select min(at) as first from check_results where at > ${new Date(now.getTime() + stepSecondsMin * 1000)}`.execute(
      tx,
    );
    const wrongSince = (rows[0]?.first?.getTime() ?? now.getTime() + shiftMs - hourMs) - shiftMs;
    const upto = new Date(Math.floor(wrongSince / hourMs) * hourMs);
    await sql`delete from check_spans where from_at >= ${upto}`.execute(tx);
    await sql`update check_spans set to_at = ${upto} where to_at > ${upto}`.execute(tx);
    await sql`update check_spans_progress set upto = ${upto}`.execute(tx);
    return 1;
  },
};

export const checksClockRules: readonly ClockRule[] = [
  // First, because it uses the results to find when the clock began to be wrong.
  spans,
  { ...spans, table: 'check_spans_progress', columns: ['upto'], past: ['upto'] },
  stampedRows({ table: 'check_results', past: ['at'], mark: 'details' }),
  stampedRows({
    table: 'check_state',
    past: ['since', 'last_at', 'last_ok_at'],
    ahead: { lease_until: leaseSecondsMax },
  }),
  dueTimes,
  stampedRows({ table: 'check_workers', past: ['beat_at'] }),
  stampedRows({ table: 'check_pauses', past: ['at'] }),
  stampedRows({ table: 'check_pings', past: ['at'] }),
  stampedRows({ table: 'ping_journal', past: ['at'] }),
  checkIns,
  stampedRows({ table: 'source_observations', past: ['observed_at', 'since'] }),
];
