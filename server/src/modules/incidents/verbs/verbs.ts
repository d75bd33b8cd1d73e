import type {
  IncidentAcknowledgeBody,
  IncidentResolveBody,
  IncidentSnoozeBody,
} from '@watchkeeper/contracts';
import { acknowledging, reopening, resolving, unacknowledging } from '#modules/alerting';
import { findMember } from '#modules/identity';
import { invalidField } from '#platform/errors';
import {
  acknowledgeIncidents,
  assignIncidents,
  commentOnIncidents,
  reopenIncidents,
  resolveIncidents,
  snoozeIncidents,
  unacknowledgeIncidents,
  unsnoozeIncidents,
} from '../by-hand.ts';
import type { IncidentRow } from '../inbox/incident-store.ts';
import { snoozeEnd } from './snooze-end.ts';
import type { IncidentVerb } from './verb.ts';

const mergedWords = (row: IncidentRow) =>
  row.merged_into_number === null ? undefined : `It is part of #${row.merged_into_number}. Act on that one.`;

/** Refuses what makes no sense for an incident that is over. */
const unlessOver =
  (words: string) =>
  (row: IncidentRow): string | undefined =>
    mergedWords(row) ?? (row.status === 'resolved' ? words : undefined);

/** "I am looking at it": at the incident, and at every alert of it that is open. */
export function acknowledgingIncident(body: IncidentAcknowledgeBody | null): IncidentVerb {
  const note = body?.note;
  return {
    action: 'incident.acknowledged',
    apply: (ctx, tx, { caller }, ids) => acknowledgeIncidents(ctx, tx, ids, { actor: caller, note }),
    onAlerts: { verb: acknowledging(note === undefined ? null : { note }) },
    refusal: unlessOver('This incident is resolved already; it cannot be acknowledged any more.'),
    noted: { note: note ?? null },
  };
}

/** "I am not looking at it after all": neither at the incident, nor at its alerts. */
export const unacknowledgingIncident: IncidentVerb = {
  action: 'incident.unacknowledged',
  apply: (ctx, tx, { caller }, ids) => unacknowledgeIncidents(ctx, tx, ids, { actor: caller }),
  onAlerts: { verb: unacknowledging },
  refusal: unlessOver('This incident is resolved already; its acknowledgement cannot be taken back.'),
};

/** It is over, and so is every alert of it. If a problem is still there, its alert opens again after the cooldown. */
export function resolvingIncident({ reason, action_taken: actionTaken }: IncidentResolveBody): IncidentVerb {
  const done = actionTaken === undefined ? {} : { action_taken: actionTaken };
  return {
    action: 'incident.resolved',
    apply: (ctx, tx, { caller }, ids) =>
      resolveIncidents(ctx, tx, ids, { reason, actionTaken }, { actor: caller }),
    onAlerts: { verb: resolving({ reason, ...done }) },
    refusal: (row) => mergedWords(row) ?? 'This incident is resolved already.',
    noted: { reason, ...done },
  };
}

/** "It is not over." Alerts that ended together with it open again while that is allowed for alerts; others stay over. */
export const reopeningIncident: IncidentVerb = {
  action: 'incident.reopened',
  apply: (ctx, tx, { caller }, ids) => reopenIncidents(ctx, tx, ids, { actor: caller }),
  onAlerts: { verb: reopening, onlyEndedWithIt: true },
  refusal: mergedWords,
};

/** Gives it to a member; null: to nobody. */
export function assigning(user: string | null): IncidentVerb {
  return {
    action: 'incident.assigned',
    async apply(ctx, tx, { caller, organizationId }, ids) {
      const member = user === null ? undefined : await findMember(tx, organizationId, user);
      if (user !== null && member === undefined)
        throw invalidField('user', 'is not a member of this organization');
      const to = member === undefined ? null : { id: member.id, name: member.name };
      return await assignIncidents(ctx, tx, ids, to, { actor: caller });
    },
    refusal: mergedWords,
    noted: { user },
  };
}

export function commenting(text: string): IncidentVerb {
  return {
    action: 'incident.commented',
    apply: (ctx, tx, { caller }, ids) => commentOnIncidents(ctx, tx, ids, text, { actor: caller }),
    refusal: () => undefined,
    noted: { text },
  };
}

/** Quiet until then, unless it gets worse. Its alerts stay as they are. @throws validation_failed */
export function snoozing(body: IncidentSnoozeBody, now: Date): IncidentVerb {
  const until = snoozeEnd(body, now);
  return {
    action: 'incident.snoozed',
    apply: (ctx, tx, { caller }, ids) =>
      snoozeIncidents(ctx, tx, ids, until, { actor: caller, note: body.note }),
    refusal: unlessOver('This incident is resolved already; there is nothing to snooze.'),
    noted: { until: until.toISOString(), note: body.note ?? null },
  };
}

export const unsnoozing: IncidentVerb = {
  action: 'incident.unsnoozed',
  apply: (ctx, tx, { caller }, ids) => unsnoozeIncidents(ctx, tx, ids, { actor: caller }),
  refusal: mergedWords,
};
