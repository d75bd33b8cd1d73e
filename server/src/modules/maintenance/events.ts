import { defineEvent } from '#platform/events';

export interface MaintenanceHappened {
  organizationId: string;
  windowId: string;
  runId: string;
}

/** An occurrence has begun: what it covers is muted from now on. */
export const maintenanceStarted = defineEvent<MaintenanceHappened>('maintenance.started');
/** A running window covers something else now, or until another time. */
export const maintenanceChanged = defineEvent<MaintenanceHappened>('maintenance.changed');
/** It is over, as planned or not. */
export const maintenanceEnded = defineEvent<MaintenanceHappened>('maintenance.ended');
/** The exit report of a run is there to be read. */
export const maintenanceReported = defineEvent<MaintenanceHappened>('maintenance.reported');
