import type { Module } from '#platform/module';

export { type AlertView, loadAlertViews } from './alerts/alert-view.ts';
export { type AlertsTransitioned, alertsTransitioned, transitionItemsMax } from './events.ts';

export const alertingModule: Module = { name: 'alerting' };
