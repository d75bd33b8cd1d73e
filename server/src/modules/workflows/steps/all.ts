export { callWebhook } from './call-webhook.ts';
export { conference } from './conference.ts';
export { notify } from './notify.ts';
export { planMaintenance } from './plan-maintenance.ts';
export { remind } from './remind.ts';
export { runCheck } from './run-check.ts';
export { runbook } from './runbook.ts';
