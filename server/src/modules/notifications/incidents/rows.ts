import type { PlannedRow, Reach, Recipient, Told } from '#modules/delivery';
import type { IncidentTransition } from './change.ts';

/** The last that each address heard of it, or may have heard. */
export function lastReached(known: readonly Told[]): Map<string, Told> {
  return new Map(reached(known).map((row) => [addressOf(row), row]));
}

/** Sent, waiting to be sent, or possibly sent. */
export function reached(rows: readonly Told[]): Told[] {
  return rows.filter((row) => row.status === 'sent' || row.status === 'pending' || row.maybeDelivered);
}

/** One row per channel and recipient. A recipient who is in two channels of a kind is told once. */
export function address(
  transition: IncidentTransition,
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

export function unaddressed(transition: IncidentTransition, reason: string): PlannedRow {
  return {
    transition,
    channelId: null,
    channelKind: null,
    channelName: null,
    recipient: '',
    notSent: reason,
  };
}

export function notSent(transition: IncidentTransition, row: Told, reason: string): PlannedRow {
  return { ...rowOf(transition, row), notSent: reason };
}

export function rowOf(transition: IncidentTransition, row: Told) {
  return {
    transition,
    channelId: row.channelId,
    channelKind: row.channelKind,
    channelName: row.channelName,
    recipient: row.recipient,
  };
}

export function addressOf(row: Told): string {
  return `${row.channelId ?? ''} ${row.recipient}`;
}

export function mutedText(transition: IncidentTransition): string {
  const by = (transition.mutedBy ?? '').replaceAll('_', ' ');
  return `Suppressed (${by})${transition.mutedReason === null ? '.' : `: ${transition.mutedReason}`}`;
}
