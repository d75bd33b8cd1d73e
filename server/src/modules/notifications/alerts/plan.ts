import { isAtLeast, type Severity } from '@watchkeeper/contracts';
import type { PlannedRow, Reach, Recipient, Told, Transition } from '#modules/delivery';
import { channelsNamed, sayWords } from '../channels/channel-words.ts';
import type { Facts } from './facts.ts';

/** One transition of one alert, with the facts that decide who is notified. */
export interface AlertTransition extends Transition<Facts> {
  readonly severity: Severity;
  /** The alert's status now. It may be later than the transition. */
  readonly alertStatus: string;
  readonly suppressedBy: string | null;
  readonly suppressedReason: string | null;
  /** Channels that the rule names (see channel-words.ts); none: all. */
  readonly tells: readonly string[];
  readonly escalateTo: readonly string[];
}

/** Transitions by which people learn that there is an alert. */
export const openingKinds: readonly string[] = ['opened', 'unsuppressed', 'reopened', 'escalated'];

export interface PlanInput {
  readonly transitions: readonly AlertTransition[];
  readonly channels: readonly Reach[];
  /** The ledger's rows of their `openingKinds`. */
  readonly told: readonly Told[];
}

export const recoveredFirst = 'It recovered before anyone was told.';

/** Who is notified of these transitions, who is not, and why. Pure: one row per transition, channel and recipient. */
export function planNotifications({ transitions, channels, told }: PlanInput): PlannedRow[] {
  const toldOf = Map.groupBy(told, (row) => row.subjectId);
  return transitions.flatMap((transition) => {
    const known = toldOf.get(transition.subjectId) ?? [];
    switch (transition.kind) {
      case 'opened':
      case 'unsuppressed':
      case 'reopened':
        return planOpening(transition, channels, known);
      case 'escalated':
        return planEscalation(transition, channels, known);
      case 'resolved':
        return planResolution(transition, channels, known);
      case 'acknowledged':
        return reached(known).map((row) =>
          notSent(transition, row, 'Acknowledgements are recorded, not sent.'),
        );
      default:
        return [];
    }
  });
}

function planOpening(
  transition: AlertTransition,
  channels: readonly Reach[],
  known: readonly Told[],
): PlannedRow[] {
  if (channels.length === 0) return [unaddressed(transition, 'No channel is set up.')];
  const told = new Set(reached(known).map(addressOf));
  const already = (channel: Reach, recipient: Recipient) =>
    told.has(`${channel.id} ${recipient.label}`) ? 'They were told when it opened.' : undefined;
  const { chosen, missing } = chosenBy(transition.tells, channels);
  const rows = address(transition, channels, (channel, recipient) => {
    if (!chosen.has(channel)) return `The rule tells only ${sayWords(transition.tells, channels)}.`;
    if (transition.alertStatus === 'resolved') return recoveredFirst;
    if (transition.suppressedBy !== null) return suppressedText(transition);
    if (transition.kind !== 'opened' && transition.alertStatus === 'acknowledged')
      return 'Somebody had already acknowledged it.';
    if (channel.escalationOnly) return 'The channel is told of escalations only.';
    if (!isAtLeast(transition.severity, channel.minSeverity)) {
      return `Below the channel's minimum severity: ${transition.severity}, told from ${channel.minSeverity} on.`;
    }
    return already(channel, recipient);
  });
  return missing === undefined ? rows : [...rows, unaddressed(transition, missing)];
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
  transition: AlertTransition,
  channels: readonly Reach[],
  known: readonly Told[],
): PlannedRow[] {
  const { targets, missing, reminds } = escalatedTo(transition, channels, known);
  const rows = address(transition, targets, () => {
    if (transition.alertStatus === 'resolved') return 'It recovered before the escalation was told.';
    if (transition.alertStatus === 'acknowledged')
      return 'It was acknowledged before the escalation was told.';
    return transition.suppressedBy === null ? undefined : suppressedText(transition);
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
 * not hide an alert that nobody acknowledges.
 */
function escalatedTo(transition: AlertTransition, channels: readonly Reach[], known: readonly Told[]) {
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

/** Only people who were notified of the alert are notified of its end. */
function planResolution(
  transition: AlertTransition,
  channels: readonly Reach[],
  known: readonly Told[],
): PlannedRow[] {
  if (transition.alertStatus !== 'resolved')
    return reached(known).map((row) => notSent(transition, row, 'It was taken back before it was told.'));
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
    if (reached(rows).length === 0) {
      const why = rows.at(-1)?.reason ?? 'it was not sent.';
      const reason = why === recoveredFirst ? why : `They were not told of the opening: ${why}`;
      return [notSent(transition, first, reason)];
    }
    const channel = channels.find((candidate) => candidate.id === first.channelId);
    if (channel === undefined) return [notSent(transition, first, 'The channel was deleted.')];
    return [{ ...rowOf(transition, first), notSent: channel.closedReason }];
  });
}

/** Sent, waiting to be sent, or possibly sent. */
function reached(rows: readonly Told[]): Told[] {
  return rows.filter((row) => row.status === 'sent' || row.status === 'pending' || row.maybeDelivered);
}

/** One row per channel and recipient. A recipient who is in two channels of a kind is told once. */
function address(
  transition: AlertTransition,
  channels: readonly Reach[],
  reasonOf: (channel: Reach, recipient: Recipient) => string | undefined,
): PlannedRow[] {
  const toldThrough = new Map<string, string>();
  return channels.flatMap((channel) =>
    channel.recipients.map((recipient) => {
      const identity = `${channel.kind} ${recipient.identity}`;
      const other = toldThrough.get(identity);
      const duplicate =
        other === undefined ? undefined : `Duplicate: the channel "${other}" tells the same recipient.`;
      const reason = channel.closedReason ?? reasonOf(channel, recipient) ?? duplicate;
      if (reason === undefined) toldThrough.set(identity, channel.name);
      return {
        transition,
        channelId: channel.id,
        channelKind: channel.kind,
        channelName: channel.name,
        recipient: recipient.label,
        notSent: reason,
      };
    }),
  );
}

function unaddressed(transition: AlertTransition, reason: string): PlannedRow {
  return {
    transition,
    channelId: null,
    channelKind: null,
    channelName: null,
    recipient: '',
    notSent: reason,
  };
}

function notSent(transition: AlertTransition, row: Told, reason: string): PlannedRow {
  return { ...rowOf(transition, row), notSent: reason };
}

function rowOf(transition: AlertTransition, row: Told) {
  return {
    transition,
    channelId: row.channelId,
    channelKind: row.channelKind,
    channelName: row.channelName,
    recipient: row.recipient,
  };
}

function addressOf(row: Told): string {
  return `${row.channelId ?? ''} ${row.recipient}`;
}

function suppressedText(transition: AlertTransition): string {
  const by = (transition.suppressedBy ?? '').replaceAll('_', ' ');
  return `Suppressed (${by})${transition.suppressedReason === null ? '.' : `: ${transition.suppressedReason}`}`;
}
