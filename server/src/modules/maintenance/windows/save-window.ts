import { maintenanceWindowsMax } from '@watchkeeper/contracts/maintenance';
import { audit } from '#modules/identity';
import { isUniqueViolation } from '#platform/db/database';
import { AppError } from '#platform/errors';
import { newId } from '#platform/ids';
import { nextOccurrence } from '../calendar/occurrences.ts';
import { announceChange, coverFromNow, endRun, moveEnd, schedule, settle } from '../runs/lifecycle.ts';
import { coverableChecks } from './coverable-checks.ts';
import { countWindows, findWindow, insertWindow, markDeleted, replaceScopes, updateWindow } from './store.ts';
import { isSameSchedule, toFields, type Window, type WindowValues } from './window.ts';
import type { Work } from './work.ts';

const referenceIndex = 'maintenance_windows_reference';

/** Creates a window. If it should already be running, it begins now. */
export async function addWindow(work: Work, values: WindowValues): Promise<Window> {
  const { tx, scope, at } = work;
  const { organizationId, caller } = scope;
  if ((await countWindows(tx, organizationId)) >= maintenanceWindowsMax)
    throw new AppError(
      'conflict',
      `An organization has at most ${maintenanceWindowsMax} maintenance windows. Delete some that are over.`,
    );
  const id = newId();
  const window: Window = {
    ...values,
    id,
    organizationId,
    current: null,
    runId: null,
    version: 1,
    createdBy: { kind: caller.kind, id: caller.id, name: caller.name },
    createdAt: at,
    updatedAt: at,
  };
  const inserted = await insertWindow(tx, window, at).catch((error: unknown) => {
    throw isUniqueViolation(error, referenceIndex) ? referenceTaken(values.reference) : error;
  });
  if (!inserted) throw slugTaken(values.slug);
  await replaceScopes(tx, organizationId, id, values.scopes);
  await audit(tx, scope, {
    action: 'maintenance.created',
    target: { kind: 'maintenance', id, name: values.slug },
    after: toFields(values),
  });
  const placed = await schedule(work, window);
  if (placed.runId === null) await announceChange(work, placed);
  return await readBack(work, id);
}

/**
 * `before` is locked and settled. A run goes on, with the new end, when the new plan includes the current time;
 * otherwise it ends now. An extension or an early end of an occurrence is kept unless the times themselves change.
 */
export async function changeWindow(work: Work, before: Window, values: WindowValues): Promise<Window> {
  const { tx, scope, at } = work;
  await updateWindow(tx, before.id, values, at).catch((error: unknown) => {
    if (isUniqueViolation(error, referenceIndex)) throw referenceTaken(values.reference);
    throw isUniqueViolation(error) ? slugTaken(values.slug) : error;
  });
  await replaceScopes(tx, scope.organizationId, before.id, values.scopes);
  if (before.runId !== null) await coverFromNow(work, before.runId);
  await audit(tx, scope, {
    action: 'maintenance.updated',
    target: { kind: 'maintenance', id: before.id, name: values.slug },
    before: toFields(before),
    after: toFields(values),
  });
  const window = { ...before, ...values };
  const placed = isSameSchedule(before, values) ? window : await reschedule(work, window);
  await announceChange(work, placed);
  return await readBack(work, before.id);
}

async function reschedule(work: Work, window: Window): Promise<Window> {
  const next = nextOccurrence(window, work.at);
  if (window.runId === null) return await schedule(work, window);
  if (next !== undefined && next.start <= work.at) return await moveEnd(work, window, next.end);
  const ended = await endRun(work, window, { at: work.at, cause: 'changed', by: work.scope.caller.name });
  return await settle(work, ended);
}

/** Deleting a running window ends it now. Its reports stay. */
export async function dropWindow(work: Work, window: Window): Promise<void> {
  const { tx, scope, at } = work;
  await endRun(work, window, { at, cause: 'deleted', by: scope.caller.name });
  await markDeleted(tx, window.id, at);
  await audit(tx, scope, {
    action: 'maintenance.deleted',
    target: { kind: 'maintenance', id: window.id, name: window.slug },
    before: toFields(window),
  });
  await announceChange(work, { ...window, runId: null });
}

export async function readBack({ ctx, tx, scope }: Work, id: string): Promise<Window> {
  const window = await findWindow(tx, coverableChecks(ctx), scope.organizationId, id);
  if (window === undefined)
    throw new AppError('internal', 'The window that was just written cannot be read.');
  return window;
}

function referenceTaken(reference: string | null): AppError {
  const message = `"${reference}" belongs to another window; change or delete that window`;
  return new AppError('already_exists', `reference (maintenance_id): ${message}.`, {
    errors: [{ field: 'reference', message }],
  });
}

function slugTaken(slug: string): AppError {
  return new AppError('already_exists', `There is already a maintenance window "${slug}".`, {
    errors: [{ field: 'slug', message: `"${slug}" is taken` }],
  });
}
