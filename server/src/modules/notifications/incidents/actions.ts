import type { MessageAction, Said, TopicActions } from '#modules/delivery';
import { acknowledgingIncident, actOnIncidents, resolvingIncident } from '#modules/incidents';
import { isId } from '#platform/ids';
import { type Facts, incidentLedger, toneOf } from './facts.ts';

type IncidentAction = 'acknowledge' | 'resolve';

const labels: Readonly<Record<IncidentAction, string>> = { acknowledge: 'Acknowledge', resolve: 'Resolve' };
const done: Readonly<Record<IncidentAction, string>> = { acknowledge: 'Acknowledged', resolve: 'Resolved' };

/** The buttons of a message about one incident. A resolved one has none. */
export function buttonsOf({ incident_id: subjectId, transition }: Facts): MessageAction[] {
  if (toneOf(transition) === 'resolved') return [];
  const { topic } = incidentLedger;
  return Object.entries(labels).map(([action, label]) => ({ action, label, topic, subjectId }));
}

/** Acknowledges and resolves through the same functions of incidents as the console: the alerts follow. */
export const incidentActions: TopicActions = {
  permission: 'alerts:operate',
  async carryOut(ctx, scope, { action, subjectId, actor }) {
    if (!isId(subjectId) || !isIncidentAction(action))
      return refused('Watchkeeper does not know this button.');
    const verb =
      action === 'acknowledge'
        ? acknowledgingIncident({})
        : resolvingIncident({ reason: `Resolved by ${scope.caller.name}` });
    const [result] = await actOnIncidents(ctx, scope, verb, [subjectId]);
    const left = action === 'acknowledge' ? ['resolve'] : [];
    switch (result?.outcome) {
      case 'changed':
        return { outcome: 'done', words: `${done[action]} by ${actor.name}.`, left };
      case 'unchanged':
        return { outcome: 'unchanged', words: 'Somebody did that already.', left };
      case 'conflict':
        return refused(result.detail ?? '');
      default:
        return refused('This incident does not exist any more.');
    }
  },
};

function isIncidentAction(action: string): action is IncidentAction {
  return Object.hasOwn(labels, action);
}

function refused(words: string): Said {
  return { outcome: 'refused', words, left: [] };
}
