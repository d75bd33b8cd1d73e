import type { Module } from '#platform/module';
import { alertTopic } from './alerts/topic.ts';
import { readChannelWords, renameInRules } from './channels/rule-channels.ts';
import { checkSwitch, deadMansSwitch } from './dead-mans-switch.ts';
import { escalationWork } from './escalation/escalate-due.ts';
import { ruleEscalations } from './escalation/rule-escalations.ts';
import { checkDelivery, notificationMetrics } from './health.ts';
import { incidentTopic } from './incidents/topic.ts';

export { channelsNamed } from './channels/channel-words.ts';

/**
 * Decides who is notified of incidents: of which change, on which channels, in which words, and when nobody answers.
 */
export const notificationsModule: Module = {
  name: 'notifications',
  topics: [incidentTopic, alertTopic],
  manifest: () => import('./channels/manifest-section.ts'),
  ruleChannels: readChannelWords,
  ruleEscalations,
  channelRenamed: renameInRules,
  periodic: [escalationWork, deadMansSwitch],
  health: [
    { name: 'notifications', look: checkDelivery },
    { name: 'dead_mans_switch', look: checkSwitch },
  ],
  metrics: [notificationMetrics],
};
