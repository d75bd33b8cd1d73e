import { longDuration } from '@watchkeeper/contracts/figures';
import { cutText, isolate, oneLine } from '@watchkeeper/contracts/text';
import { localTimeText, type Message, type MessageParts } from '#modules/delivery';
import { buttonsOf } from './actions.ts';
import { eventOf } from './event.ts';
import { type AlertTone, type Facts, toneOf } from './facts.ts';
import { payloadOf } from './payload.ts';

/** Alerts that a bundle writes out; the link leads to the rest. */
const linesMax = 20;
const titleCharsMax = 140;

/** "12 devices at Dartmouth stopped reporting": how many of one type read, firing and over. */
const manyOf: Readonly<Record<string, readonly [opened: string, resolved: string]>> = {
  device_offline: ['devices{at} stopped reporting', 'devices{at} report again'],
  sync_lag_high: ['devices{at} are behind with their sync', 'devices{at} are in sync again'],
};

/**
 * Calm and short: what, where, since when, why, one link. Text from people, devices or third parties stays on one line
 * and cannot change the writing direction of the text around it. The payload keeps it unchanged.
 */
export function renderAlerts(parts: MessageParts<Facts>): Message {
  const { publicUrl, items: raw, can, ...rest } = parts;
  const ordered = raw.toSorted(byOpening);
  const items = ordered.map(tame);
  const [only] = items;
  const alone = items.length === 1 && only !== undefined;
  const message = {
    ...rest,
    organization: { ...rest.organization, name: oneLine(rest.organization.name) },
    title: cutText(alone ? titleOf(only) : titleOfMany(items), titleCharsMax),
    lines: alone ? linesOf(only) : linesOfMany(items),
    url: alone ? `${publicUrl}/alerts/${only.alert_id}` : `${publicUrl}/o/${parts.organization.slug}`,
    linkLabel: alone ? 'Open the alert' : 'Open Watchkeeper',
    actions: alone && can.buttons ? buttonsOf(only) : [],
  };
  return {
    ...message,
    payload: payloadOf(message, ordered, publicUrl),
    ...(alone ? { event: eventOf(only) } : {}),
    // Opening, escalation and resolution of one alert stand together.
    thread: alone && can.thread ? `alert.${only.alert_id}` : undefined,
    list: 'alerts',
  };
}

function byOpening(a: Facts, b: Facts): number {
  return Date.parse(a.opened_at) - Date.parse(b.opened_at);
}

function titleOf(facts: Facts): string {
  switch (toneOf(facts.transition)) {
    case 'resolved':
      return `Resolved: ${facts.title}`;
    case 'escalated':
      return `Still open: ${facts.title}`;
    case 'opened':
      return facts.title;
  }
}

function titleOfMany(items: readonly Facts[]): string {
  const groups = ['escalated', 'opened', 'resolved'] as const;
  const said = groups
    .map((tone) => ({ tone, own: items.filter((item) => toneOf(item.transition) === tone) }))
    .filter((group) => group.own.length > 0)
    .map((group) => countText(group.own, group.tone));
  return said.join(', ');
}

function countText(items: readonly Facts[], tone: AlertTone): string {
  const sites = new Set(items.map((item) => item.site?.name ?? ''));
  const [site] = sites;
  const at = sites.size === 1 && site ? ` at ${site}` : sites.size > 1 ? ` at ${sites.size} sites` : '';
  const types = new Set(items.map((item) => item.type));
  const [type] = types;
  const phrase =
    types.size === 1 && type !== undefined ? manyOf[type]?.[tone === 'resolved' ? 1 : 0] : undefined;
  if (items.length > 1 && phrase !== undefined && tone !== 'escalated') {
    return `${items.length} ${phrase.replace('{at}', at)}`;
  }
  const verb = { opened: 'opened', resolved: 'resolved', escalated: 'still open' }[tone];
  return `${items.length} ${items.length === 1 ? 'alert' : 'alerts'}${at} ${verb}`;
}

function linesOf(facts: Facts): string[] {
  const timezone = facts.site?.timezone;
  const where = whereText(facts);
  const lines = where === '' ? [] : [`Where: ${where}`];
  if (toneOf(facts.transition) === 'resolved') {
    const end = facts.resolved_at ?? facts.at;
    lines.push(
      `Lasted: ${longDuration(secondsBetween(facts.opened_at, end))}, until ${localTimeText(end, timezone)}`,
    );
    lines.push(`How: ${resolvedText(facts)}`);
    if (facts.action_taken) lines.push(`Done about it: ${facts.action_taken}`);
    lines.push(`It was: ${facts.why}`);
    return lines;
  }
  lines.push(`Since: ${localTimeText(facts.opened_at, timezone)}`);
  if (toneOf(facts.transition) === 'escalated') {
    lines.push(
      `Escalated: nobody acknowledged it for ${longDuration(secondsBetween(facts.opened_at, facts.at))}`,
    );
  }
  lines.push(`Why: ${facts.why}`, `Severity: ${facts.severity}`);
  return lines;
}

function resolvedText(facts: Facts): string {
  const reason = facts.resolved_reason;
  if (facts.resolved_by === null) return reason ?? 'recovered by itself';
  return reason === null ? `resolved by ${facts.resolved_by}` : `${reason} (${facts.resolved_by})`;
}

function linesOfMany(items: readonly Facts[]): string[] {
  const lines = items.slice(0, linesMax).map((item) => {
    const where = whereText(item);
    // A bullet, so that no name can look like the beginning of a line of ours ("Why: ...").
    return `• ${titleOf(item)}${where === '' ? '' : ` (${where})`}`;
  });
  if (items.length > linesMax) lines.push(`and ${items.length - linesMax} more`);
  return lines;
}

function whereText(facts: Facts): string {
  return [facts.site?.name, facts.area, facts.device?.name].filter((part) => part).join(', ');
}

function tameText(text: string): string {
  return isolate(oneLine(text));
}

/** Facts made safe for a sentence. Names inside a title are isolated where they occur. */
function tame(facts: Facts): Facts {
  const site = facts.site && { ...facts.site, name: tameText(facts.site.name) };
  const area = facts.area && tameText(facts.area);
  const device = facts.device && { ...facts.device, name: tameText(facts.device.name) };
  const names = [facts.device?.name, facts.area, facts.site?.name].flatMap((name) =>
    name ? [oneLine(name)] : [],
  );
  const sentence = (text: string) => names.reduce(isolateWithin, oneLine(text));
  return {
    ...facts,
    title: sentence(facts.title),
    why: sentence(facts.why),
    site,
    area,
    device,
    resolved_by: facts.resolved_by && tameText(facts.resolved_by),
    resolved_reason: facts.resolved_reason && sentence(facts.resolved_reason),
    action_taken: facts.action_taken ? sentence(facts.action_taken) : null,
  };
}

/** If a name contains another one that is already isolated, it is left alone. */
function isolateWithin(text: string, name: string): string {
  const isolated = isolate(name);
  return isolated === name || text.includes(isolated) ? text : text.replaceAll(name, isolated);
}

function secondsBetween(fromIso: string, toIso: string): number {
  return (Date.parse(toIso) - Date.parse(fromIso)) / 1000;
}
