import type { DeviceStatus, Severity } from '@watchkeeper/contracts';

/** What a colour means. Shape and word go with it, never the colour alone. */
export type Tone = 'ok' | 'attention' | 'problem' | 'maintenance' | 'unknown';

export const toneText: Record<Tone, string> = {
  ok: 'text-ok',
  attention: 'text-attention',
  problem: 'text-problem',
  maintenance: 'text-maintenance',
  unknown: 'text-unknown',
};

export const toneSoft: Record<Tone, string> = {
  ok: 'bg-ok-soft text-ok',
  attention: 'bg-attention-soft text-attention',
  problem: 'bg-problem-soft text-problem',
  maintenance: 'bg-maintenance-soft text-maintenance',
  unknown: 'bg-unknown-soft text-unknown',
};

const byDeviceStatus: Record<DeviceStatus, Tone> = {
  online: 'ok',
  degraded: 'attention',
  unresponsive: 'attention',
  offline: 'problem',
  unknown: 'unknown',
  maintenance: 'maintenance',
};

export function toneOfDevice(status: DeviceStatus): Tone {
  return byDeviceStatus[status];
}

const bySeverity: Record<Severity, Tone> = {
  critical: 'problem',
  high: 'problem',
  medium: 'attention',
  low: 'unknown',
};

export function toneOfSeverity(severity: Severity): Tone {
  return bySeverity[severity];
}
