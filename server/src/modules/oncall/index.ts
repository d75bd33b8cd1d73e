import type { Module } from '#platform/module';
import { onCallClockRules } from './clock-rules.ts';
import { onCallMetrics } from './metrics.ts';
import { onCallPrivacy } from './privacy.ts';

export { onCallAt } from './schedules/on-call-now.ts';
export { membersOfTeam } from './teams/members-of-team.ts';

/** Who is on call, and when: teams, schedules with their layers, overrides, calendar feeds. */
export const onCallModule: Module = {
  name: 'oncall',
  http: () => import('./http.ts'),
  live: [{ topic: 'oncall', permission: 'read' }],
  metrics: [onCallMetrics],
  clockRules: onCallClockRules,
  privacy: onCallPrivacy,
};
