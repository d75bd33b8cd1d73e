import type { Module } from '#platform/module';
import { incidentClockRules } from './clock-rules.ts';
import { adoptStrays } from './grouping/group-due.ts';
import { tickIncidents } from './grouping/tick.ts';
import { judgeActive } from './judging/judge-incidents.ts';
import { incidentMetrics } from './metrics.ts';
import { incidentOutbox } from './outbox.ts';
import { incidentsPrivacy } from './privacy.ts';
import { purgeIncidents } from './retention.ts';
import { incidentSearch } from './search-store.ts';

export {
  acknowledgeIncidents,
  assignIncidents,
  type ByHand,
  commentOnIncidents,
  noteIncident,
  recordLink,
  renameIncident,
  reopenIncidents,
  resolveIncidents,
  setPriority,
  snoozeIncidents,
  unacknowledgeIncidents,
  unsnoozeIncidents,
} from './by-hand.ts';
export {
  escalateIncidents,
  type IncidentEscalation,
  type IncidentResponse,
  recordResponses,
  storeJudgements,
} from './by-itself.ts';
export { incidentAlertRows, incidentRows, incidentTransitionRows } from './door-store.ts';
export { adoptStrays, groupDue } from './grouping/group-due.ts';
export { type IncidentView, loadIncidentViews } from './inbox/incident-view.ts';
export { getIncident, listIncidents } from './inbox/read-incidents.ts';
export { mergeIncidents, splitIncident } from './merge.ts';
export { incidentOutbox } from './outbox.ts';
export { readGrouping } from './settings/settings.ts';
export { actOnIncident, actOnIncidents } from './verbs/act.ts';
export type { IncidentVerb } from './verbs/verb.ts';
export { acknowledgingIncident, resolvingIncident } from './verbs/verbs.ts';

const retentionSeconds = 3600;
/** How often active incidents are judged again. */
const judgeSeconds = 30;
/** How often snoozes end and flapping incidents are looked at. */
const tickSeconds = 5;
/** How often we look for alerts of the release before, which may run beside this one. */
const adoptSeconds = 60;

/** One cause, one incident: which alerts belong together, what probably happened, and who has it in hand. */
export const incidentsModule: Module = {
  name: 'incidents',
  http: () => import('./http.ts'),
  live: [{ topic: 'incident', permission: 'read' }],
  search: [incidentSearch],
  outboxes: [incidentOutbox],
  metrics: [incidentMetrics],
  privacy: incidentsPrivacy,
  clockRules: incidentClockRules,
  periodic: [
    { name: 'incidents.judge', everySeconds: () => judgeSeconds, run: judgeActive },
    { name: 'incidents.tick', everySeconds: () => tickSeconds, run: tickIncidents },
    {
      name: 'incidents.adopt',
      everySeconds: () => adoptSeconds,
      run: async (ctx, signal) => void (await adoptStrays(ctx, signal)),
    },
    { name: 'incidents.retention', everySeconds: () => retentionSeconds, ends: true, run: purgeIncidents },
  ],
};
