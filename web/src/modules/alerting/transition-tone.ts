import type { Severity } from '@watchkeeper/contracts';
import type { AlertTransitionKind } from '@watchkeeper/contracts/alerting';
import { type Tone, toneOfSeverity } from '../../ui/tone';

export function toneOfTransition(kind: AlertTransitionKind, severity: Severity): Tone {
  switch (kind) {
    case 'opened':
    case 'escalated':
    case 'recurred':
    case 'unsuppressed':
    case 'unacknowledged':
    case 'reopened':
      return toneOfSeverity(severity);
    case 'resolved':
      return 'ok';
    case 'acknowledged':
      return 'unknown';
    case 'suppressed':
      return 'maintenance';
  }
}
