import { type AcknowledgeBody, type ResolveBody, reopenWindowSeconds } from '@watchkeeper/contracts';
import type { Scope } from '#modules/identity';
import type { Ctx } from '#platform/context';
import type { Tx } from '#platform/db/database';
import { acknowledgeAlerts, reopenAlerts, resolveAlerts, unacknowledgeAlerts } from '../transition.ts';
import type { AlertRow } from './store.ts';

/** An action of a person on alerts. Each goes through transition.ts and leaves one audit row per alert. */
export interface AlertVerb {
  readonly action: string;
  /** Whether it changes which devices intake has to report. If so, the devices are locked as well. */
  readonly concernsDevices: boolean;
  /** Returns the alerts that changed. */
  apply(ctx: Ctx, tx: Tx, scope: Scope, ids: readonly string[]): Promise<readonly string[]>;
  /** For an alert that did not change: why that is a conflict; undefined: the alert is in the wanted state already. */
  refusal(alert: AlertRow): string | undefined;
  /** Fields that the audit row has beside the status. */
  readonly noted?: Readonly<Record<string, string | null>>;
}

/** "I am looking at it." To acknowledge again changes nothing. To acknowledge an alert that is over is a conflict. */
export function acknowledging(body: AcknowledgeBody | null): AlertVerb {
  const note = body?.note;
  const named = namedBy(body?.acknowledged_by ?? body?.user);
  return {
    action: 'alert.acknowledged',
    concernsDevices: false,
    apply: (ctx, tx, { caller }, ids) =>
      acknowledgeAlerts(ctx, tx, ids, { actor: caller, note, details: named }),
    refusal: ({ status }) =>
      status === 'resolved'
        ? 'This alert is resolved already; it cannot be acknowledged any more.'
        : undefined,
    noted: { note: note ?? null, ...named },
  };
}

/** "I am not looking at it after all." */
export const unacknowledging: AlertVerb = {
  action: 'alert.unacknowledged',
  concernsDevices: false,
  apply: (ctx, tx, { caller }, ids) => unacknowledgeAlerts(ctx, tx, ids, caller),
  refusal: ({ status }) =>
    status === 'resolved'
      ? 'This alert is resolved already; its acknowledgement cannot be taken back.'
      : undefined,
};

/**
 * A person says that the alert is over, why, and what was done. If the problem is still there, an alert opens again
 * after the rule's cooldown.
 */
export function resolving(body: ResolveBody): AlertVerb {
  const { reason, action_taken: actionTaken } = body;
  const named = namedBy(body.resolved_by ?? body.user);
  const done = actionTaken === undefined ? {} : { action_taken: actionTaken };
  return {
    action: 'alert.resolved',
    concernsDevices: true,
    apply: async (ctx, tx, { caller }, ids) => {
      const details = { ...done, ...named };
      const resolutions = ids.map((alertId) => ({ alertId, why: reason, actionTaken, details }));
      return (await resolveAlerts(ctx, tx, resolutions, caller)).map((alert) => alert.id);
    },
    refusal: () => 'This alert is resolved already.',
    noted: { reason, ...done, ...named },
  };
}

/** The name in the body is only noted. The actor is always the owner of the credential. */
export function namedBy(name: string | undefined): { named_by?: string } {
  return name === undefined ? {} : { named_by: name };
}

/** "I resolved the wrong one." */
export const reopening: AlertVerb = {
  action: 'alert.reopened',
  concernsDevices: true,
  apply: async (ctx, tx, { caller }, ids) =>
    (await reopenAlerts(ctx, tx, ids, caller)).map((alert) => alert.id),
  refusal: ({ status }) =>
    status === 'resolved'
      ? `Only a resolution by hand can be taken back, within ${reopenWindowSeconds / 60} minutes, while the rule still watches and no newer alert reports the same.`
      : undefined,
};
