import type { MessageEvent } from '#modules/delivery';
import { alertLedger, type Facts, toneOf } from './facts.ts';

const kinds = { opened: 'opened', escalated: 'changed', resolved: 'resolved' } as const;

/** One alert, for receivers that keep a state of it. */
export function eventOf(facts: Facts): MessageEvent {
  const { site, area, device } = facts;
  return {
    kind: kinds[toneOf(facts.transition)],
    topic: alertLedger.topic,
    subjectId: facts.alert_id,
    severity: facts.severity,
    openedAt: facts.opened_at,
    resolvedAt: facts.resolved_at,
    labels: {
      type: facts.type,
      ...(site === null ? {} : { site: site.slug }),
      ...(area === null ? {} : { area }),
      ...(device === null ? {} : { device: device.slug }),
    },
  };
}
