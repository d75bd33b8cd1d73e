import type { AlertStatus, DeviceStatus, SuppressionReason } from './vocabulary.ts';

/**
 * What an alert asks of people, most urgent first; the index is the rank. The one place that decides it: the server
 * answers with it, its SQL is held against it by a test, and the console only shows it.
 */
export const attentions = ['needs_you', 'in_hand', 'under_maintenance', 'muted', 'over'] as const;
export type Attention = (typeof attentions)[number];

export function attentionOf(alert: {
  readonly status: AlertStatus;
  readonly suppressed_by: SuppressionReason | null;
}): Attention {
  if (alert.status === 'resolved') return 'over';
  if (alert.suppressed_by === 'maintenance') return 'under_maintenance';
  if (alert.suppressed_by !== null) return 'muted';
  return alert.status === 'acknowledged' ? 'in_hand' : 'needs_you';
}

/** How many alerts have each kind of attention; resolved ones are not counted. */
export type AttentionCounts = Record<Exclude<Attention, 'over'>, number>;

/** How a site is, in one word, most urgent first. */
export const standings = [
  'needs_you',
  'in_hand',
  'under_maintenance',
  'empty',
  'trouble',
  'muted',
  'unknown',
  'fine',
] as const;
export type Standing = (typeof standings)[number];

interface Place {
  readonly attention: AttentionCounts;
  readonly devices: Readonly<Record<DeviceStatus | 'total', number>>;
}

/** Unknown states never count as fine, and an acknowledged alert does not need another person. */
export function standingOf({ attention, devices }: Place): Standing {
  if (attention.needs_you > 0) return 'needs_you';
  if (attention.in_hand > 0) return 'in_hand';
  if (attention.under_maintenance > 0) return 'under_maintenance';
  if (devices.total === 0) return attention.muted > 0 ? 'muted' : 'empty';
  if (devices.offline + devices.unresponsive + devices.degraded > 0) return 'trouble';
  if (attention.muted > 0) return 'muted';
  if (devices.unknown > 0) return 'unknown';
  return devices.maintenance === devices.total ? 'under_maintenance' : 'fine';
}
