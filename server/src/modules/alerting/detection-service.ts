import { sql } from 'kysely';
import { periodicWorkRows } from '#platform/periodic-rows';
import type { ServiceLook } from '#platform/services';

/** The periodic work that sweeps the rules. */
export const tickName = 'alerting.tick';

/** The last sweep must be younger than so many of its intervals, and than `sweepSecondsMin` if that is longer. */
const sweepIntervals = 3;
const sweepSecondsMin = 60;

/** Whether the rules are swept in time, by any process. */
export const detectionService: ServiceLook = {
  service: 'detection',
  async look({ config }, tx, now) {
    const { rows } = await sql<{ finished_at: Date | null; last_error: string | null }>`
      select finished_at, last_error from ${periodicWorkRows} w where name = ${tickName}`.execute(tx);
    const sweep = rows[0];
    if (sweep === undefined || sweep.finished_at === null)
      return { status: 'warn', output: 'The rules have not been swept yet.', value: null, unit: null };
    const age = (now.getTime() - sweep.finished_at.getTime()) / 1000;
    const limit = Math.max(sweepSecondsMin, sweepIntervals * config.alerting.checkIntervalSeconds);
    const measured = { value: Math.round(age * 10) / 10, unit: 's since the last sweep' };
    if (age > limit)
      return {
        ...measured,
        status: 'fail',
        output: `The rules have not been swept for ${Math.round(age)} s.`,
      };
    if (sweep.last_error !== null)
      return {
        ...measured,
        status: 'warn',
        output: 'The last sweep of the rules was incomplete; see the log.',
      };
    return { ...measured, status: 'pass', output: null };
  },
};
