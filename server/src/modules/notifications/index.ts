import { alertsTransitioned, registerEscalationTargets } from '#modules/alerting';
import { registerManifestSection } from '#modules/inventory';
import { subscribe } from '#platform/events';
import type { Module } from '#platform/module';
import { notificationsClockRules } from './clock-rules.ts';
import { ensureEnvironmentChannels } from './environment.ts';
import { deliverJob, retentionWork, sweepWork } from './jobs.ts';
import { channelsSection } from './manifest-section.ts';
import { notificationRoutes } from './routes.ts';
import { findChannelIds } from './store.ts';
import { tellTransitions } from './tell.ts';

export { ensureEnvironmentChannels } from './environment.ts';

/** Tells people: channels, the ledger, and the deliveries in between. */
export const notificationsModule: Module = {
  name: 'notifications',
  routes(app, ctx) {
    notificationRoutes(app, ctx);
    registerManifestSection(ctx, channelsSection);
    registerEscalationTargets(ctx, findChannelIds);
  },
  jobs: [deliverJob],
  subscriptions: [subscribe(alertsTransitioned, 'notifications', tellTransitions)],
  clockRules: notificationsClockRules,
  periodic: [sweepWork, retentionWork],
  async start(ctx) {
    await ensureEnvironmentChannels(ctx);
    return undefined;
  },
};
