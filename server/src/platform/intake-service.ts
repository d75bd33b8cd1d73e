import type { ServiceLook } from './services.ts';
import { readWatch } from './watch.ts';

/** Whether any process receives heartbeats, and for how long without a gap. */
export const intakeService: ServiceLook = {
  service: 'intake',
  async look(_ctx, tx, now) {
    const { intakeUp, watchingSince } = await readWatch(tx, now);
    const seconds = Math.max(0, (now.getTime() - watchingSince.getTime()) / 1000);
    return intakeUp
      ? { status: 'pass', output: null, value: Math.round(seconds), unit: 's without a gap' }
      : { status: 'fail', output: 'No process receives heartbeats.', value: null, unit: null };
  },
};
