import { checksJudged } from '#modules/checks';
import { deviceRemoved, deviceRetired } from '#modules/inventory';
import { maintenanceChanged, maintenanceEnded, maintenanceStarted } from '#modules/maintenance';
import { devicesNeedAttention, eventsRecorded } from '#modules/telemetry';
import { subscribe } from '#platform/events';
import type { Module } from '#platform/module';
import { alertOutbox } from './alert-outbox.ts';
import { alertingClockRules } from './clock-rules.ts';
import { startArrivalCheck } from './detection/arrival-check.ts';
import {
  onChecksJudged,
  onDeviceRemoved,
  onDeviceRetired,
  onDevicesNeedAttention,
  onEventsRecorded,
} from './detection/on-arrival.ts';
import { tick } from './detection/tick.ts';
import { detectionService, tickName } from './detection-service.ts';
import { learnedTimes, learningWork } from './learning.ts';
import { onMaintenance, onMaintenanceEnded } from './maintenance/follow-maintenance.ts';
import { alertMetrics } from './metrics.ts';
import { alertingPrivacy } from './privacy.ts';
import { ruleKinds } from './registry.ts';
import { purgeAlerts } from './retention.ts';
import { keepRuleChannels } from './rules/rule-channels.ts';
import { keepRuleEscalations } from './rules/rule-escalation.ts';
import { seedMissingRules, seedRules } from './rules/seed-rules.ts';
import { alertingSearch } from './search-store.ts';

export { alertOutbox } from './alert-outbox.ts';
export { actOnAlert, actOnAlerts, type HeldAlerts, holdAlertsOf } from './alerts/act.ts';
export { type AlertView, loadAlertViews, toAlert } from './alerts/alert-view.ts';
export { postAlert } from './alerts/post-alert.ts';
export { acceptPostedAlert } from './alerts/posted-spelling.ts';
export { cursorOfAlert, getAlert, listAlerts, scopeOfAlert } from './alerts/read-alerts.ts';
export { attentionOfRow } from './alerts/store.ts';
export { type AlertVerb, acknowledging, reopening, resolving, unacknowledging } from './alerts/verbs.ts';
export { environmentLimits } from './detection/moment.ts';
export { tick as runDetectionTick } from './detection/tick.ts';
export { detectionService } from './detection-service.ts';
export { alertRows, alertTransitionRows, ruleRows, unansweredAlerts, waitingOpenings } from './door-store.ts';
export { createRule } from './rules/create-rule.ts';
export { deleteRule } from './rules/delete-rule.ts';
export { followChannel, type RenamedChannel } from './rules/follow-channel.ts';
export { listRules, scopeOfRule } from './rules/read-rules.ts';
export type { ChannelWords } from './rules/rule-channels.ts';
export type {
  EscalatingRule,
  EscalationKeeper,
  RuleEscalation,
  WrittenEscalation,
} from './rules/rule-escalation.ts';
export { acceptRuleSpelling, changeWords, ruleWords } from './rules/rule-spelling.ts';
export { toRule, toRuleAnswer } from './rules/rule-view.ts';
export { seedRules } from './rules/seed-rules.ts';
export { updateRule } from './rules/update-rule.ts';
export { changeSuppression, type Escalation, escalateAlerts, type SuppressionChange } from './transition.ts';

const retentionSeconds = 3600;
/**
 * How often we look for organizations without their first rules: those that the release before created, and those whose
 * seed failed.
 */
const seedSeconds = 60;

/** Decides that something is wrong, and when it is over. */
export const alertingModule: Module = {
  name: 'alerting',
  async start(ctx, house) {
    keepRuleChannels(ctx, house);
    keepRuleEscalations(ctx, house);
    // The periodic work tries again. An organization that cannot be seeded must not stop the server from starting.
    await seedMissingRules(ctx).catch((error: unknown) => ctx.log.error({ err: error }, 'rules are missing'));
    return await startArrivalCheck(ctx);
  },
  http: () => import('./http.ts'),
  live: [
    { topic: 'alert', permission: 'read' },
    { topic: 'rule', permission: 'read' },
    { topic: 'watch', permission: 'read' },
  ],
  search: alertingSearch,
  manifest: () => import('./rules/manifest-section.ts'),
  seeds: [(ctx, tx, { id }) => seedRules(ctx, tx, id)],
  subscriptions: [
    subscribe(deviceRemoved, 'alerting', onDeviceRemoved),
    subscribe(deviceRetired, 'alerting', onDeviceRetired),
    subscribe(devicesNeedAttention, 'alerting', onDevicesNeedAttention),
    subscribe(eventsRecorded, 'alerting', onEventsRecorded),
    subscribe(checksJudged, 'alerting', onChecksJudged),
    subscribe(maintenanceStarted, 'alerting', onMaintenance),
    subscribe(maintenanceChanged, 'alerting', onMaintenance),
    subscribe(maintenanceEnded, 'alerting', onMaintenanceEnded),
  ],
  outboxes: [alertOutbox],
  metrics: [alertMetrics],
  services: [detectionService],
  privacy: alertingPrivacy,
  clockRules: [...alertingClockRules, ...learnedTimes(ruleKinds.all)],
  periodic: [
    { name: tickName, everySeconds: (ctx) => ctx.config.alerting.checkIntervalSeconds, run: tick },
    { name: 'alerting.seed', everySeconds: () => seedSeconds, run: seedMissingRules },
    { name: 'alerting.retention', everySeconds: () => retentionSeconds, ends: true, run: purgeAlerts },
    ...learningWork(ruleKinds.all),
  ],
};
