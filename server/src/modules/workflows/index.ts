import type { Module } from '#platform/module';
import { definePart } from '#platform/parts';
import { workflowClockRules } from './clock-rules.ts';
import { checkWorkflows } from './health.ts';
import { workflowsPrivacy } from './privacy.ts';
import { retentionWork } from './retention.ts';
import { createWorkflows, type Workflows } from './runs/loop.ts';
import { messageOutbox } from './telling/message-store.ts';
import { workflowTopic } from './telling/topic.ts';

const workflowsPart = definePart<Workflows>('workflows.loop');

/** Does what operators asked for when an incident opens, turns, grows old or ends. Only their triggers and people start it. */
export const workflowsModule: Module = {
  name: 'workflows',
  http: () => import('./http.ts'),
  live: [{ topic: 'workflow', permission: 'read' }],
  topics: [workflowTopic],
  outboxes: [messageOutbox],
  privacy: workflowsPrivacy,
  clockRules: workflowClockRules,
  health: [{ name: 'workflows', look: checkWorkflows }],
  periodic: [retentionWork],
  start: async (ctx) => ctx.parts.put(workflowsPart, createWorkflows(ctx)),
  work: (ctx) => ctx.parts.get(workflowsPart).start(),
  workOnce: (ctx) => ctx.parts.get(workflowsPart).once(),
};
