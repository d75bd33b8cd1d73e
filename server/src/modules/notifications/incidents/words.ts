import { longDuration } from '@watchkeeper/contracts/figures';
import { isolate, oneLine } from '@watchkeeper/contracts/text';
import { localTimeText } from '#modules/delivery';
import { type Facts, type PartFacts, toneOf } from './facts.ts';

/** Alerts that a message writes out; the link leads to the rest. */
const alertsMax = 10;

export function titleOf(facts: Facts): string {
  const title = tame(facts.title);
  switch (facts.transition) {
    case 'resolved':
      return `Resolved: ${title}`;
    case 'escalated':
      return `Still open: ${title}`;
    case 'flapping':
      return `Comes and goes: ${title}`;
    case 'steadied':
      return `Holds still, still open: ${title}`;
    case 'snooze_ended':
      return `Snooze over, still open: ${title}`;
    case 'reopened':
      return `Open again: ${title}`;
    case 'worsened':
      return `Worse (${facts.severity}): ${title}`;
    default:
      return title;
  }
}

/** What, where, since when, why, how many. `Label: value` lines. */
export function linesOf(facts: Facts): string[] {
  const zone = facts.site?.timezone;
  const where = [facts.site?.name, ...facts.areas].flatMap((part) => (part ? [tame(part)] : [])).join(', ');
  return [
    ...(where === '' ? [] : [`Where: ${where}`]),
    ...momentLines(facts, zone),
    ...(facts.cause === null ? [] : [`Likely cause: ${tame(facts.cause)}`]),
    ...alertLines(facts),
  ];
}

function momentLines(facts: Facts, zone: string | undefined): string[] {
  if (toneOf(facts.transition) === 'resolved') {
    const end = facts.resolved_at ?? facts.at;
    const lasted = longDuration((Date.parse(end) - Date.parse(facts.opened_at)) / 1000);
    return [
      `Lasted: ${lasted}, until ${localTimeText(end, zone)}`,
      `How: ${howText(facts)}`,
      ...(facts.action_taken === null ? [] : [`Done about it: ${tame(facts.action_taken)}`]),
    ];
  }
  const waited = longDuration((Date.parse(facts.at) - Date.parse(facts.opened_at)) / 1000);
  return [
    `Since: ${localTimeText(facts.opened_at, zone)}`,
    ...(facts.transition === 'escalated' ? [`Escalated: nobody acknowledged it for ${waited}`] : []),
    ...(facts.transition === 'flapping'
      ? [`Why: ${tame(facts.why)} The next message comes when it holds still.`]
      : []),
    `Priority: ${facts.priority}`,
    `Severity: ${facts.severity}`,
  ];
}

function howText({ resolved_by: by, resolved_reason: reason }: Facts): string {
  if (by === null) return reason === null ? 'recovered by itself' : tame(reason);
  return reason === null ? `resolved by ${tame(by)}` : `${tame(reason)} (${tame(by)})`;
}

function alertLines({ alerts, counts }: Facts): string[] {
  const active = alerts.filter(({ status, muted }) => status !== 'resolved' && !muted);
  const shown = (active.length > 0 ? active : alerts).slice(0, alertsMax);
  const all = active.length > 0 ? counts.open : counts.alerts;
  return [
    `Alerts: ${countWords(counts)}`,
    // A bullet, so that no name can look like the beginning of a line of ours ("Why: ...").
    ...shown.map((alert) => `• ${alertText(alert)}`),
    ...(all > shown.length ? [`and ${all - shown.length} more`] : []),
  ];
}

function countWords({ open, recovered, muted }: Facts['counts']): string {
  const parts = [
    `${open} open`,
    ...(recovered === 0 ? [] : [`${recovered} recovered`]),
    ...(muted === 0 ? [] : [`${muted} muted`]),
  ];
  return parts.join(', ');
}

function alertText({ title, area, device }: PartFacts): string {
  const where = [area, device?.name].flatMap((part) => (part && !title.includes(part) ? [tame(part)] : []));
  return where.length === 0 ? tame(title) : `${tame(title)} (${where.join(', ')})`;
}

/** Other people's words stay on one line and cannot change the writing direction of the text around them. */
export function tame(text: string): string {
  return isolate(oneLine(text));
}
