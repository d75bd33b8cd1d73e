import type { Message } from '#modules/delivery';
import { type Facts, toneOf } from './facts.ts';

/** The fields of one alert are in `data`, several alerts are in `data.alerts`. The `type` says which. */
export function payloadOf(
  message: Pick<Message, 'tone' | 'organization' | 'title' | 'url' | 'lines'>,
  items: readonly Facts[],
  publicUrl: string,
): Message['payload'] {
  const shared = { organization: message.organization.slug, title: message.title, url: message.url };
  const [only] = items;
  if (items.length === 1 && only !== undefined) {
    const data = { ...alertOf(only, publicUrl), ...shared, text: message.lines.join('\n') };
    return { type: `alert.${toneOf(only.transition)}`, data };
  }
  const alerts = items.map((item) => alertOf(item, publicUrl));
  return { type: `alerts.${message.tone}`, data: { ...shared, count: alerts.length, alerts } };
}

/** One alert, for programs. */
export function alertOf(facts: Facts, publicUrl: string): object {
  const tone = toneOf(facts.transition);
  return {
    id: facts.alert_id,
    event: tone,
    status: tone === 'resolved' ? 'resolved' : 'open',
    type: facts.type,
    severity: facts.severity,
    summary: facts.title,
    why: facts.why,
    site: facts.site === null ? null : { slug: facts.site.slug, name: facts.site.name },
    area: facts.area,
    device: facts.device,
    opened_at: facts.opened_at,
    resolved_at: facts.resolved_at,
    resolved_reason: facts.resolved_reason,
    action_taken: facts.action_taken ?? null,
    url: `${publicUrl}/alerts/${facts.alert_id}`,
  };
}
