import { defineTopic } from '#modules/delivery';
import { alertActions } from './actions.ts';
import { alertLedger, type Facts, readFacts, toneOf } from './facts.ts';
import { alertGate } from './gate.ts';
import { renderAlerts } from './templates.ts';

/** The messages about single alerts of the release before: they are read, sent and answered, and no new ones are made. */
export const alertTopic = defineTopic<Facts>({
  ...alertLedger,
  readFacts,
  titleOf: ({ title }) => title,
  wakes: [],
  plan: async () => 0,
  toneOf,
  render: renderAlerts,
  gate: alertGate,
  actions: alertActions,
});
