import type { Priority, Severity } from '@watchkeeper/contracts';

/** Short words by which receivers route and group: `site`, `area`, `device`, `type`. Values are other people's text. */
export type EventLabels = Readonly<Record<string, string>>;

/** One part of a subject, such as an alert of an incident. Times are ISO 8601. */
export interface EventMember {
  readonly title: string;
  readonly labels: EventLabels;
  readonly openedAt: string;
  readonly resolvedAt: string | null;
  readonly url: string;
}

/**
 * What happened to the one subject of a message, for receivers that keep a state of their own (PagerDuty, Opsgenie,
 * Alertmanager). Times are ISO 8601.
 */
export interface MessageEvent {
  /** `changed`: it is still open, and something about it is different. */
  readonly kind: 'opened' | 'changed' | 'acknowledged' | 'resolved';
  readonly topic: string;
  readonly subjectId: string;
  readonly severity: Severity;
  /** Left out: the topic has no priorities. */
  readonly priority?: Priority;
  readonly openedAt: string;
  readonly resolvedAt: string | null;
  readonly labels: EventLabels;
  /** Left out: the subject has no parts. */
  readonly members?: readonly EventMember[];
}
