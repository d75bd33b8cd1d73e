import { cutText, oneLine } from '@watchkeeper/contracts/text';
import type { Message, MessageParts } from '#modules/delivery';
import { renderAlerts } from '../alerts/templates.ts';
import { buttonsOf } from './actions.ts';
import { asAlert } from './alert-facts.ts';
import { eventOf } from './event.ts';
import type { Facts } from './facts.ts';
import { payloadOf } from './payload.ts';
import { pageOf } from './url.ts';
import { linesOf, titleOf } from './words.ts';

/** Incidents that a bundle writes out; the link leads to the rest. */
const linesMax = 20;
const titleCharsMax = 140;

/** Calm and short: what, where, since when, why, one link. */
export function renderIncidents(parts: MessageParts<Facts>): Message {
  const { publicUrl, items: raw, can, confirmUrl: _none, ...rest } = parts;
  const items = raw.toSorted((a, b) => Date.parse(a.opened_at) - Date.parse(b.opened_at));
  const [only] = items;
  const alone = items.length === 1 && only !== undefined;
  const { slug } = parts.organization;
  const page = alone
    ? pageOf(only, publicUrl, slug)
    : { url: `${publicUrl}/o/${slug}`, label: 'Open Watchkeeper' };
  const message = {
    ...rest,
    organization: { ...rest.organization, name: oneLine(rest.organization.name) },
    ...wordsOf(parts, items),
    url: page.url,
    linkLabel: page.label,
    actions: alone && can.buttons ? buttonsOf(only) : [],
  };
  return {
    ...message,
    payload: payloadOf(message, items, publicUrl),
    ...(alone ? { event: eventOf(only, publicUrl) } : {}),
    // All messages about one incident stand together.
    thread: alone && can.thread ? `incident.${only.incident_id}` : undefined,
    list: 'incidents',
  };
}

/** Incidents of one alert read as these alerts. */
function wordsOf(parts: MessageParts<Facts>, items: readonly Facts[]): Pick<Message, 'title' | 'lines'> {
  const alerts = items.flatMap((item) => asAlert(item) ?? []);
  if (alerts.length === items.length) {
    const { title, lines } = renderAlerts({ ...parts, items: alerts });
    return { title, lines };
  }
  const [only] = items;
  if (items.length === 1 && only !== undefined)
    return { title: cutText(titleOf(only), titleCharsMax), lines: linesOf(only) };
  const lines = items.slice(0, linesMax).map((item) => `• ${titleOf(item)}`);
  if (items.length > linesMax) lines.push(`and ${items.length - linesMax} more`);
  return { title: cutText(titleOfMany(items), titleCharsMax), lines };
}

function titleOfMany(items: readonly Facts[]): string {
  const over = items.filter(({ transition }) => transition === 'resolved').length;
  const open = items.length - over;
  const sites = new Set(items.map(({ site }) => site?.name ?? ''));
  const at = sites.size === 1 ? (items[0]?.site?.name ?? '') : `${sites.size} sites`;
  const where = at === '' ? '' : ` at ${oneLine(at)}`;
  const said = [
    ...(open === 0 ? [] : [`${open} ${open === 1 ? 'incident' : 'incidents'}${where} open`]),
    ...(over === 0 ? [] : [`${over} ${over === 1 ? 'incident' : 'incidents'}${where} resolved`]),
  ];
  return said.join(', ');
}
