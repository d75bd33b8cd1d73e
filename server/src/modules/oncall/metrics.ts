import { onCallGapDays } from '@watchkeeper/contracts';
import { listMemberNames } from '#modules/identity';
import { defineReading } from '#platform/metric-readings';
import { listAllScheduleRows } from './schedules/store.ts';
import { shiftsBetween } from './schedules/view.ts';

/** At most this many schedules are looked at. Those that changed last come first. */
const looksMax = 500;
const dayMs = 86_400_000;

/** On-call schedules of the whole installation: in how many will nobody be on call at some time soon. */
export const onCallMetrics = defineReading({
  name: 'oncall',
  gauges: {
    oncall_schedules: {
      help: `On-call schedules, by whether somebody is on call all through the next ${onCallGapDays} days.`,
      labels: ['state'],
    },
  },
  async read(_ctx, tx, now) {
    const span = { start: now, end: new Date(now.getTime() + onCallGapDays * dayMs) };
    const names = new Map<string, ReadonlyMap<string, string>>();
    const counts = { covered: 0, gap: 0 };
    for (const row of await listAllScheduleRows(tx, looksMax)) {
      const members = names.get(row.organization_id) ?? (await listMemberNames(tx, row.organization_id));
      names.set(row.organization_id, members);
      const { shifts } = await shiftsBetween(tx, row, members, span);
      counts[shifts.some(({ gap }) => gap !== null) ? 'gap' : 'covered'] += 1;
    }
    return {
      oncall_schedules: [
        [{ state: 'covered' }, counts.covered],
        [{ state: 'gap' }, counts.gap],
      ],
    };
  },
});
