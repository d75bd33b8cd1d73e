import { acknowledging, actOnAlerts, resolving } from '#modules/alerting';
import type { MessageAction, Said, TopicActions } from '#modules/delivery';
import { isId } from '#platform/ids';
import { alertLedger, type Facts, toneOf } from './facts.ts';

type AlertAction = 'acknowledge' | 'resolve';

const labels: Readonly<Record<AlertAction, string>> = { acknowledge: 'Acknowledge', resolve: 'Resolve' };
const done: Readonly<Record<AlertAction, string>> = { acknowledge: 'Acknowledged', resolve: 'Resolved' };

/** The buttons of a message about one alert. A resolved alert has none. */
export function buttonsOf({ alert_id: subjectId, transition }: Facts): MessageAction[] {
  if (toneOf(transition) === 'resolved') return [];
  const { topic } = alertLedger;
  return Object.entries(labels).map(([action, label]) => ({ action, label, topic, subjectId }));
}

/** Acknowledges and resolves through the same functions of alerting as the console. */
export const alertActions: TopicActions = {
  permission: 'alerts:operate',
  async carryOut(ctx, scope, { action, subjectId, actor }) {
    if (!isId(subjectId) || !isAlertAction(action)) return refused('Watchkeeper does not know this button.');
    const verb =
      action === 'acknowledge'
        ? acknowledging({ acknowledged_by: actor.name })
        : resolving({ reason: `Resolved by ${scope.caller.name}`, resolved_by: actor.name });
    const [result] = await actOnAlerts(ctx, scope, verb, [subjectId]);
    const left = action === 'acknowledge' ? ['resolve'] : [];
    switch (result?.outcome) {
      case 'changed':
        return { outcome: 'done', words: `${done[action]} by ${actor.name}.`, left };
      case 'unchanged':
        return { outcome: 'unchanged', words: 'Somebody did that already.', left };
      case 'conflict':
        return refused(result.detail ?? '');
      default:
        return refused('This alert does not exist any more.');
    }
  },
};

function isAlertAction(action: string): action is AlertAction {
  return Object.hasOwn(labels, action);
}

function refused(words: string): Said {
  return { outcome: 'refused', words, left: [] };
}
