import type { AlertTransitionKind } from '@watchkeeper/contracts';
import { defineEvent } from '#platform/events';

export interface AlertsTransitioned {
  organizationId: string;
  kind: AlertTransitionKind;
  /** At most `transitionItemsMax`; more are told in further events. */
  items: readonly { alertId: string; transitionId: string }[];
}

export const transitionItemsMax = 500;

/** Alerts opened, were acknowledged, resolved, ...: published in the transaction that changed them. */
export const alertsTransitioned = defineEvent<AlertsTransitioned>('alerts.transitioned');
