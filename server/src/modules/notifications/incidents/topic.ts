import { defineTopic } from '#modules/delivery';
import { groupDue } from '#modules/incidents';
import type { Ctx } from '#platform/context';
import { incidentActions } from './actions.ts';
import { type Facts, incidentLedger, onlyAlert, readFacts, toneOf } from './facts.ts';
import { incidentGate } from './gate.ts';
import { selectIncidentsOf } from './part-store.ts';
import { planDue } from './plan-due.ts';
import { renderIncidents } from './templates.ts';

/** What people are told of: incidents, never single alerts. */
export const incidentTopic = defineTopic<Facts>({
  ...incidentLedger,
  readFacts,
  titleOf: ({ title }) => title,
  wakes: ['alert', 'incident'],
  plan: groupAndPlan,
  toneOf,
  render: renderIncidents,
  gate: incidentGate,
  actions: incidentActions,
  parts: {
    subjectsOf: selectIncidentsOf,
    only(facts) {
      const alert = onlyAlert(facts);
      return alert === undefined ? undefined : { id: alert.alert_id, title: alert.title };
    },
  },
});

/** First the alerts that have no incident yet: what is grouped now is told now. */
async function groupAndPlan(ctx: Ctx, signal: AbortSignal): Promise<number> {
  const grouped = await groupDue(ctx, signal);
  return grouped + (await planDue(ctx, signal));
}
