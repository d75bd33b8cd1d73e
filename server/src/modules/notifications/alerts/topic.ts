import { defineTopic } from '#modules/delivery';
import { type Facts, toneOf } from './facts.ts';
import { alertGate } from './gate.ts';
import { planDue } from './plan-due.ts';
import { renderAlerts } from './templates.ts';

export const alertTopic = defineTopic<Facts>({
  topic: 'alert',
  wakes: ['alert'],
  plan: planDue,
  toneOf,
  render: renderAlerts,
  gate: alertGate,
});
