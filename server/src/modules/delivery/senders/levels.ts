import type { Priority, Severity } from '@watchkeeper/contracts';
import type { MessageEvent } from '../topics/event.ts';
import type { Message } from '../topics/message.ts';

const byPriority: Readonly<Record<Priority, Severity>> = {
  P1: 'critical',
  P2: 'high',
  P3: 'medium',
  P4: 'low',
  P5: 'low',
};

const bySeverity: Readonly<Record<Severity, Priority>> = {
  critical: 'P1',
  high: 'P2',
  medium: 'P3',
  low: 'P5',
};

/** How urgent a message is, in our severities: its priority where its topic has one. Undefined: nothing is wrong. */
export function levelOf({ event }: Pick<Message, 'event'>): Severity | undefined {
  if (event === undefined || event.kind === 'resolved') return undefined;
  return event.priority === undefined ? event.severity : byPriority[event.priority];
}

/** The same as a priority, for receivers that have these. */
export function priorityOf({ priority, severity }: Pick<MessageEvent, 'priority' | 'severity'>): Priority {
  return priority ?? bySeverity[severity];
}
