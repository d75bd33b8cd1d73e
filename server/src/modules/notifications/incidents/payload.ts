import type { Message } from '#modules/delivery';
import { alertOf } from '../alerts/payload.ts';
import { asAlert } from './alert-facts.ts';
import { type Facts, type PartFacts, toneOf } from './facts.ts';
import { pageOf } from './url.ts';

/**
 * The fields of one incident are in `data`, with its alerts in `data.alerts`; an incident of one alert has the fields
 * of that alert beside them. Several incidents are in `data.incidents`. The `type` says which.
 */
export function payloadOf(
  message: Pick<Message, 'tone' | 'organization' | 'title' | 'url' | 'lines'>,
  items: readonly Facts[],
  publicUrl: string,
): Message['payload'] {
  const { slug } = message.organization;
  const shared = { organization: slug, title: message.title, url: message.url };
  const [only] = items;
  if (items.length === 1 && only !== undefined) {
    const alert = asAlert(only);
    const fields = alert === undefined ? {} : alertOf(alert, publicUrl);
    const data = {
      ...fields,
      ...incidentOf(only, { slug, publicUrl }),
      ...shared,
      text: message.lines.join('\n'),
    };
    return { type: `incident.${eventName(only)}`, data };
  }
  const incidents = items.map((item) => incidentOf(item, { slug, publicUrl }));
  return { type: `incidents.${message.tone}`, data: { ...shared, count: incidents.length, incidents } };
}

/** `opened`, `resolved`, `escalated`; or the change itself: `flapping`, `reopened`, `worsened`. */
function eventName({ transition }: Facts): string {
  return transition === 'unmuted' ? 'opened' : transition;
}

function incidentOf(
  facts: Facts,
  { slug, publicUrl }: { readonly slug: string; readonly publicUrl: string },
): object {
  const isOver = toneOf(facts.transition) === 'resolved';
  return {
    id: facts.incident_id,
    number: facts.number,
    event: eventName(facts),
    status: isOver ? 'resolved' : 'open',
    severity: facts.severity,
    priority: facts.priority,
    summary: facts.title,
    why: facts.alerts.length === 1 ? (facts.alerts[0]?.why ?? facts.why) : facts.why,
    likely_cause: facts.cause,
    site: facts.site === null ? null : { slug: facts.site.slug, name: facts.site.name },
    areas: facts.areas,
    counts: facts.counts,
    opened_at: facts.opened_at,
    resolved_at: facts.resolved_at,
    resolved_reason: facts.resolved_reason,
    action_taken: facts.action_taken,
    alerts: facts.alerts.map((part) => partOf(part, publicUrl)),
    url: pageOf(facts, publicUrl, slug).url,
  };
}

function partOf(part: PartFacts, publicUrl: string): object {
  const transition = part.status === 'resolved' ? 'resolved' : 'opened';
  return { ...alertOf({ ...part, transition, at: part.opened_at }, publicUrl), muted: part.muted };
}
