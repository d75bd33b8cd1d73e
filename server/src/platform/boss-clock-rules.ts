import { sql } from 'kysely';
import { back, type ClockRule, healRows } from './clock-step.ts';
import { stepSecondsMin } from './clock-steps-store.ts';
import { bossSchema } from './db/migrate.ts';

/** No job asks for a later start than this. */
const startSecondsMax = 14_400;
/** The longest delay before a failed job is tried again; boss.ts. */
const retrySecondsMax = 300;

const job = `${bossSchema}.job`;
const queue = `${bossSchema}.queue`;

/** Jobs that were enqueued while the clock was ahead would start only when the clock gets there. */
const jobs: ClockRule = {
  table: job,
  columns: ['created_on', 'start_after', 'started_on', 'heartbeat_on'],
  past: [],
  async heal(tx, { now, shiftMs }) {
    const after = (seconds: number) => new Date(now.getTime() + (seconds + stepSecondsMin) * 1000);
    const past = (column: string) =>
      sql`${sql.ref(column)} = case when ${sql.ref(column)} > ${after(0)} then least(${back(sql.ref(column), shiftMs)}, ${now}::timestamptz) else ${sql.ref(column)} end`;
    const wrong = sql`state in ('created', 'retry', 'active') and (created_on > ${after(0)} or started_on > ${after(0)} or heartbeat_on > ${after(0)}
      or start_after > ${after(startSecondsMax)} or (state = 'retry' and start_after > ${after(retrySecondsMax)}))`;
    const { numAffectedRows } = await sql`
      update ${sql.table(job)} set start_after = ${back(sql`start_after`, shiftMs)},
        ${past('created_on')}, ${past('started_on')}, ${past('heartbeat_on')}
      where ${wrong} and (tableoid, ctid) in (select tableoid, ctid from ${sql.table(job)} where ${wrong} limit ${healRows})`.execute(
      tx,
    );
    return Number(numAffectedRows ?? 0);
  },
};

/** pg-boss's own maintenance uses the time of its last run. */
const upkeep: ClockRule = {
  table: queue,
  columns: ['monitor_on', 'maintain_on', 'monitor_claim_on'],
  past: ['monitor_on', 'maintain_on', 'monitor_claim_on'],
  async heal(tx, { now }) {
    const { numAffectedRows } = await sql`
      update ${sql.table(queue)} set monitor_on = least(monitor_on, ${now}), maintain_on = least(maintain_on, ${now}),
        monitor_claim_on = least(monitor_claim_on, ${now})
      where greatest(monitor_on, maintain_on, monitor_claim_on) > ${now}`.execute(tx);
    return Number(numAffectedRows ?? 0);
  },
};

export const bossClockRules: readonly ClockRule[] = [jobs, upkeep];
