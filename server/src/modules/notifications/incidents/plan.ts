import { isAtLeast } from '@watchkeeper/contracts';
import {
  leftOut,
  type PlannedRow,
  type Reach,
  type Recipient,
  type RoutedSubject,
  type Told,
} from '#modules/delivery';
import { channelsNamed, sayWords } from '../channels/channel-words.ts';
import type { IncidentTransition } from './change.ts';
import type { Facts } from './facts.ts';
import { address, addressOf, lastReached, mutedText, notSent, reached, rowOf, unaddressed } from './rows.ts';

/** Changes by which people learn that there is an incident. */
export const openingKinds: readonly string[] = ['opened', 'unmuted', 'reopened', 'worsened', 'escalated'];
/** Changes that say how things stand with it. */
export const tellingKinds: readonly string[] = [
  ...openingKinds,
  'flapping',
  'steadied',
  'snooze_ended',
  'resolved',
];
/** All other changes stand in the timeline alone. */
export const plannedKinds: ReadonlySet<string> = new Set([...tellingKinds, 'acknowledged', 'merged']);

export interface PlanInput {
  readonly transitions: readonly IncidentTransition[];
  readonly channels: readonly Reach[];
  /** The ledger's rows of their `tellingKinds`, oldest first. */
  readonly told: readonly Told[];
  readonly now: Date;
}

const snoozedText = 'It is snoozed; they hear of it when the snooze is over.';
export const recoveredFirst = 'It recovered before anyone was told.';

/** Who is notified of these changes, who is not, and why. Pure: one row per change, channel and recipient. */
export function planNotifications({ transitions, channels, told, now }: PlanInput): PlannedRow[] {
  const toldOf = Map.groupBy(told, (row) => row.subjectId);
  return transitions.flatMap((transition) => {
    const known = toldOf.get(transition.subjectId) ?? [];
    switch (transition.kind) {
      case 'opened':
        return transition.adopted ? [] : planOpening(transition, channels, known, now);
      case 'unmuted':
      case 'reopened':
      case 'worsened':
        return planOpening(transition, channels, known, now);
      case 'flapping':
        return planNews(transition, channels, known);
      case 'steadied':
        return transition.over ? [] : planNews(transition, channels, known);
      case 'snooze_ended':
        return planWaking(transition, channels, known, now);
      case 'merged':
        return planMerge(transition, known);
      case 'escalated':
        return planEscalation(transition, channels, known);
      case 'resolved':
        return planResolution(transition, channels, known);
      case 'acknowledged':
        return [...lastReached(known).values()].map((row) =>
          notSent(transition, row, 'Acknowledgements are recorded, not sent.'),
        );
      default:
        return [];
    }
  });
}

function planOpening(
  transition: IncidentTransition,
  channels: readonly Reach[],
  known: readonly Told[],
  now: Date,
): PlannedRow[] {
  if (channels.length === 0) return [unaddressed(transition, 'No channel is set up.')];
  const last = lastReached(known);
  const already = (channel: Reach, recipient: Recipient) => {
    const row = last.get(`${channel.id} ${recipient.label}`);
    const isNews = row === undefined || (row.kind === 'resolved' && !transition.byHand);
    return isNews ? undefined : 'They were told when it opened.';
  };
  const { chosen, missing } = chosenBy(transition.tells, channels);
  const rows = address(transition, channels, (channel, recipient) => {
    if (!chosen.has(channel)) return `The rule tells only ${sayWords(transition.tells, channels)}.`;
    if (transition.status === 'resolved') return recoveredFirst;
    if (transition.mutedBy !== null) return mutedText(transition);
    if (transition.kind !== 'opened' && transition.status === 'acknowledged')
      return 'Somebody had already acknowledged it.';
    if (transition.snoozed && transition.kind !== 'worsened') return snoozedText;
    if (transition.kind === 'reopened' && transition.flapping)
      return 'It comes and goes, which is told instead.';
    if (channel.escalationOnly) return 'The channel is told of escalations only.';
    if (!isAtLeast(transition.severity, channel.minSeverity)) {
      return `Below the channel's minimum severity: ${transition.severity}, told from ${channel.minSeverity} on.`;
    }
    return leftOut(channel.routing, routedOf(transition.facts), now) ?? already(channel, recipient);
  });
  return missing === undefined ? rows : [...rows, unaddressed(transition, missing)];
}

/** What the channels' matchers look at: the incident, with the labels of all its alerts. */
function routedOf({ severity, priority, site, areas, alerts }: Facts): RoutedSubject {
  const unique = (values: readonly (string | undefined)[]) => [
    ...new Set(values.filter((value) => value !== undefined)),
  ];
  return {
    severity,
    priority,
    labels: {
      site: unique([site?.slug, ...alerts.map((alert) => alert.site?.slug)]),
      area: unique([...areas, ...alerts.map((alert) => alert.area ?? undefined)]),
      device: unique(alerts.map((alert) => alert.device?.slug)),
      type: unique(alerts.map((alert) => alert.type)),
    },
    timezone: site?.timezone,
  };
}

/** Reaches people who do not have the console open. */
function reachesSomebody(channels: readonly Reach[]): boolean {
  return channels.some((channel) => channel.kind !== 'console' && channel.closedReason === undefined);
}

/**
 * If none of the channels that a rule names is left, all channels are used instead: nobody decided to notify nobody.
 */
function chosenBy(tells: readonly string[], channels: readonly Reach[]) {
  if (tells.length === 0) return { chosen: new Set(channels), missing: undefined };
  const named = channelsNamed(tells, channels);
  if (named.missing.length === 0) return { chosen: new Set(named.channels), missing: undefined };
  const missing = `The rule tells channels that do not exist: ${sayWords(named.missing, channels)}`;
  return reachesSomebody(named.channels)
    ? { chosen: new Set(named.channels), missing: `${missing}.` }
    : { chosen: new Set(channels), missing: `${missing}; all others stand in.` };
}

function planEscalation(
  transition: IncidentTransition,
  channels: readonly Reach[],
  known: readonly Told[],
): PlannedRow[] {
  const { targets, missing, reminds } = escalatedTo(transition, channels, known);
  const rows = address(transition, targets, () => {
    if (transition.status === 'resolved') return 'It recovered before the escalation was told.';
    if (transition.status === 'acknowledged') return 'It was acknowledged before the escalation was told.';
    return transition.mutedBy === null ? undefined : mutedText(transition);
  });
  if (missing !== undefined) rows.push(unaddressed(transition, missing));
  else if (targets.length === 0) {
    const reason = reminds
      ? 'The rule names no channel to escalate to, and nobody had been told.'
      : 'The rule escalates to the console, which shows every alert.';
    rows.push(unaddressed(transition, reason));
  }
  return rows;
}

/**
 * The channels that the rule escalates to. If it names none, or none of them reaches people any more, the channels that
 * were notified of the alert are used. If they cannot be reached either, all channels are used: a deleted channel must
 * not hide an incident that nobody acknowledges.
 */
function escalatedTo(transition: IncidentTransition, channels: readonly Reach[], known: readonly Told[]) {
  const wanted = transition.escalateTo;
  const named = channelsNamed(wanted, channels);
  const isLost = named.missing.length > 0 && !reachesSomebody(named.channels);
  const reminds = wanted.length === 0 || isLost;
  const told = new Set(reached(known).map((row) => row.channelId));
  const reminded = channels.filter((channel) => told.has(channel.id) || named.channels.includes(channel));
  const standIn = isLost && !reachesSomebody(reminded) && reachesSomebody(channels);
  const missing = `The rule escalates to channels that do not exist: ${sayWords(named.missing, channels)}`;
  return {
    targets: standIn ? channels : reminds ? reminded : named.channels,
    missing: named.missing.length === 0 ? undefined : `${missing}${standIn ? '; all others stand in.' : '.'}`,
    reminds,
  };
}

/** News of an incident are for the people who were notified of it. */
function planNews(
  transition: IncidentTransition,
  channels: readonly Reach[],
  known: readonly Told[],
): PlannedRow[] {
  return [...lastReached(known).values()].map((row) => {
    if (transition.status === 'resolved')
      return notSent(transition, row, 'It was over before this was told.');
    if (transition.mutedBy !== null) return notSent(transition, row, mutedText(transition));
    if (transition.snoozed) return notSent(transition, row, snoozedText);
    return tellAgain(transition, row, channels);
  });
}

/** A snooze that ran out: those who know of it are reminded; where nobody does, it is told like a new one. */
function planWaking(
  transition: IncidentTransition,
  channels: readonly Reach[],
  known: readonly Told[],
  now: Date,
): PlannedRow[] {
  if (transition.byHand) return [];
  return reached(known).length === 0
    ? planOpening(transition, channels, known, now)
    : planNews(transition, channels, known);
}

/** The incident that it became part of has their alerts, and tells its end to them too. */
function planMerge(transition: IncidentTransition, known: readonly Told[]): PlannedRow[] {
  if (transition.into === null) return [];
  const reason = `It became part of #${transition.into}, whose messages follow.`;
  return [...lastReached(known).values()].map((row) => notSent(transition, row, reason));
}

/** Only people who were notified of the incident are notified of its end. */
function planResolution(
  transition: IncidentTransition,
  channels: readonly Reach[],
  known: readonly Told[],
): PlannedRow[] {
  if (transition.status !== 'resolved')
    return [...lastReached(known).values()].map((row) =>
      notSent(transition, row, 'It was taken back before it was told.'),
    );
  // The resolution is planned first. The opening is planned later, finds the alert resolved, and is not sent either.
  if (known.length === 0) {
    return channels.length === 0
      ? [unaddressed(transition, 'No channel is set up.')]
      : address(transition, channels, () => recoveredFirst);
  }
  const byAddress = Map.groupBy(known, addressOf);
  return [...byAddress.values()].flatMap((rows) => {
    const [first] = rows;
    if (first === undefined) return [];
    const last = reached(rows).at(-1);
    if (last === undefined) {
      const why = rows.at(-1)?.reason ?? 'it was not sent.';
      const reason = why === recoveredFirst ? why : `They were not told of the opening: ${why}`;
      return [notSent(transition, first, reason)];
    }
    return last.kind === 'resolved'
      ? [notSent(transition, first, 'They were told of its end before.')]
      : [tellAgain(transition, first, channels)];
  });
}

function tellAgain(transition: IncidentTransition, row: Told, channels: readonly Reach[]): PlannedRow {
  const channel = channels.find((candidate) => candidate.id === row.channelId);
  if (channel === undefined) return notSent(transition, row, 'The channel was deleted.');
  return { ...rowOf(transition, row), notSent: channel.closedReason };
}
