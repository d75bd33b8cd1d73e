import { defineEvent } from '#platform/events';

export interface MaintenanceHappened {
  organizationId: string;
  windowId: string;
  runId: string;
}

/** An occurrence has begun. The systems that it covers are muted from now on. */
export const maintenanceStarted = defineEvent<MaintenanceHappened>('maintenance.started');
/** A running window has another scope or another end. */
export const maintenanceChanged = defineEvent<MaintenanceHappened>('maintenance.changed');
/** An occurrence has ended, as planned or early. */
export const maintenanceEnded = defineEvent<MaintenanceHappened>('maintenance.ended');
/** The exit report of a run can be read. */
export const maintenanceReported = defineEvent<MaintenanceHappened>('maintenance.reported');
