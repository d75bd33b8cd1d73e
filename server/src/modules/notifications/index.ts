import type { Module } from '#platform/module';
import { definePart } from '#platform/parts';
import { notificationsClockRules } from './clock-rules.ts';
import { createDeliveries, type Deliveries } from './deliveries.ts';
import { ensureEnvironmentChannels, warnOfUnknownChannels } from './environment.ts';
import { checkDelivery } from './health.ts';
import { retentionWork } from './jobs.ts';
import { readChannelWords } from './rule-channels.ts';

export { channelsNamed } from './channel-words.ts';
export { type ChannelSync, ensureEnvironmentChannels, syncEnvironmentChannels } from './environment.ts';
export { checkDelivery } from './health.ts';
export { listChannels } from './read-channels.ts';

const deliveriesPart = definePart<Deliveries>('notifications.deliveries');

/** Tells people: channels, the ledger, and the deliveries in between. */
export const notificationsModule: Module = {
  name: 'notifications',
  http: () => import('./routes.ts'),
  manifest: () => import('./manifest-section.ts'),
  ruleChannels: readChannelWords,
  health: [{ name: 'notifications', look: checkDelivery }],
  clockRules: notificationsClockRules,
  periodic: [retentionWork],
  async start(ctx) {
    if (ctx.process.onePass) await warnOfUnknownChannels(ctx);
    else await ensureEnvironmentChannels(ctx);
    return ctx.parts.put(deliveriesPart, createDeliveries(ctx));
  },
  work: (ctx) => ctx.parts.get(deliveriesPart).start(),
  tellOnce: (ctx, signal) => ctx.parts.get(deliveriesPart).once(signal),
};
