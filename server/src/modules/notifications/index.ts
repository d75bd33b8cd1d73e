import { registerRuleChannels } from '#modules/alerting';
import { registerManifestSection } from '#modules/inventory';
import type { Module } from '#platform/module';
import { notificationsClockRules } from './clock-rules.ts';
import { createDeliveries, type Deliveries } from './deliveries.ts';
import { ensureEnvironmentChannels, warnOfUnknownChannels } from './environment.ts';
import { retentionWork } from './jobs.ts';
import { channelsSection } from './manifest-section.ts';
import { notificationRoutes } from './routes.ts';
import { readChannelWords } from './rule-channels.ts';

export { channelsNamed } from './channel-words.ts';
export { type ChannelSync, ensureEnvironmentChannels, syncEnvironmentChannels } from './environment.ts';
export { checkDelivery } from './health.ts';
export { listChannels } from './read-channels.ts';

const deliveries = new WeakMap<object, Deliveries>();

/** Tells people: channels, the ledger, and the deliveries in between. */
export const notificationsModule: Module = {
  name: 'notifications',
  routes(app, ctx) {
    notificationRoutes(app, ctx);
    registerManifestSection(ctx, channelsSection);
    registerRuleChannels(ctx, readChannelWords);
  },
  clockRules: notificationsClockRules,
  periodic: [retentionWork],
  async start(ctx) {
    if (ctx.process.onePass) await warnOfUnknownChannels(ctx);
    else await ensureEnvironmentChannels(ctx);
    const own = createDeliveries(ctx);
    deliveries.set(ctx, own);
    return own;
  },
  work: (ctx) => deliveries.get(ctx)?.start(),
  workOnce: async (ctx, signal) => (await deliveries.get(ctx)?.once(signal)) ?? 0,
};
