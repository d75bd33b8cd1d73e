import type { EventMember, MessageEvent } from '#modules/delivery';
import { type Facts, incidentLedger, type PartFacts, toneOf } from './facts.ts';

/** One incident, for receivers that keep a state of it. */
export function eventOf(facts: Facts, publicUrl: string): MessageEvent {
  const { site, areas, alerts } = facts;
  const [first] = alerts;
  return {
    kind: kindOf(facts),
    topic: incidentLedger.topic,
    subjectId: facts.incident_id,
    severity: facts.severity,
    priority: facts.priority,
    openedAt: facts.opened_at,
    resolvedAt: facts.resolved_at,
    labels: {
      ...(first === undefined ? {} : { type: first.type }),
      ...(site === null ? {} : { site: site.slug }),
      ...(areas[0] === undefined ? {} : { area: areas[0] }),
      ...(alerts.length === 1 && first?.device ? { device: first.device.slug } : {}),
    },
    members: alerts.map((part) => memberOf(part, publicUrl)),
  };
}

function kindOf({ transition }: Facts): MessageEvent['kind'] {
  if (transition === 'acknowledged') return 'acknowledged';
  const tone = toneOf(transition);
  if (tone === 'resolved') return 'resolved';
  return tone === 'opened' && transition !== 'worsened' ? 'opened' : 'changed';
}

function memberOf(part: PartFacts, publicUrl: string): EventMember {
  return {
    title: part.title,
    openedAt: part.opened_at,
    resolvedAt: part.status === 'resolved' ? part.resolved_at : null,
    url: `${publicUrl}/alerts/${part.alert_id}`,
    labels: {
      type: part.type,
      severity: part.severity,
      ...(part.site === null ? {} : { site: part.site.slug }),
      ...(part.area === null ? {} : { area: part.area }),
      ...(part.device === null ? {} : { device: part.device.slug }),
    },
  };
}
