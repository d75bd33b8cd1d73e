import type { Module } from '#platform/module';
import { alertTopic } from './alerts/topic.ts';
import { readChannelWords, renameInRules } from './channels/rule-channels.ts';
import { checkDelivery, notificationMetrics } from './health.ts';

export { channelsNamed } from './channels/channel-words.ts';

/** Who hears of what: of which transition of an alert, on which channels, and in which words. */
export const notificationsModule: Module = {
  name: 'notifications',
  topics: [alertTopic],
  manifest: () => import('./channels/manifest-section.ts'),
  ruleChannels: readChannelWords,
  channelRenamed: renameInRules,
  health: [{ name: 'notifications', look: checkDelivery }],
  metrics: [notificationMetrics],
};
