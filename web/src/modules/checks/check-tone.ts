import type { Check, CheckStatus, ProbeOutcome } from '@watchkeeper/contracts/checks';
import { t } from '../../messages';
import type { Tone } from '../../ui/tone';

const byStatus: Record<CheckStatus, Tone> = {
  up: 'ok',
  down: 'problem',
  unknown: 'unknown',
  pending: 'unknown',
};
const byOutcome: Record<ProbeOutcome, Tone> = { ok: 'ok', failed: 'problem', unable: 'unknown' };

export function toneOfCheck({ enabled, state }: Pick<Check, 'enabled' | 'state'>): Tone {
  return enabled ? byStatus[state.status] : 'unknown';
}

export function wordOfCheck({ enabled, state }: Pick<Check, 'enabled' | 'state'>): string {
  return enabled ? t.check.status[state.status] : t.check.off;
}

export function toneOfOutcome(outcome: ProbeOutcome): Tone {
  return byOutcome[outcome];
}

/** It is waited for: nothing is gone and looked for. */
export function isAwaited({ kind }: { kind: string }): boolean {
  return kind === 'ping';
}

/** A variable of the server decides its address and whether it is on: the server refuses to change them here. */
export function isByServer({ managed_by: by }: Pick<Check, 'managed_by'>): boolean {
  return by !== null;
}
