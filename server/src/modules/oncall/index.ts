import type { Module } from '#platform/module';
import { onCallClockRules } from './clock-rules.ts';
import { onCallPrivacy } from './privacy.ts';

export { onCallAt } from './schedules/on-call-now.ts';
export { membersOfTeam } from './teams/members-of-team.ts';

/** Who is on call, and when: teams, schedules with their layers, overrides. */
export const onCallModule: Module = {
  name: 'oncall',
  http: () => import('./http.ts'),
  live: [{ topic: 'oncall', permission: 'read' }],
  clockRules: onCallClockRules,
  privacy: onCallPrivacy,
};
