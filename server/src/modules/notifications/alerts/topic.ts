import { defineTopic } from '#modules/delivery';
import { alertActions } from './actions.ts';
import { alertLedger, type Facts, readFacts, toneOf } from './facts.ts';
import { alertGate } from './gate.ts';
import { planDue } from './plan-due.ts';
import { renderAlerts } from './templates.ts';

export const alertTopic = defineTopic<Facts>({
  ...alertLedger,
  readFacts,
  titleOf: ({ title }) => title,
  wakes: ['alert'],
  plan: planDue,
  toneOf,
  render: renderAlerts,
  gate: alertGate,
  actions: alertActions,
});
