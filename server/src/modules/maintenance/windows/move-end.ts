import { durationSeconds } from '@watchkeeper/contracts';
import type { MaintenanceExtension } from '@watchkeeper/contracts/maintenance';
import { audit, type Scope } from '#modules/identity';
import type { Ctx } from '#platform/context';
import { AppError, type FieldError, invalidField } from '#platform/errors';
import { nextOccurrence, type Occurrence, occurrenceDaysMax } from '../calendar/occurrences.ts';
import { announceChange, endRun, moveEnd } from '../runs/lifecycle.ts';
import { onceDaysMax, parseTime } from './parse-window.ts';
import { readBack } from './save-window.ts';
import { touchWindow } from './store.ts';
import type { Window } from './window.ts';
import { onWindow, type VersionCheck, type Work } from './work.ts';

const dayMs = 86_400_000;

/** The work takes longer: this occurrence ends later, and future ones stay as they are. */
export async function extendWindow(
  ctx: Ctx,
  scope: Scope,
  reference: string,
  input: MaintenanceExtension,
  check: VersionCheck,
): Promise<Window> {
  return await onWindow(ctx, scope, reference, check, async (work, window) => {
    const current = requireRunning(window);
    const end = endOf(input, window, current);
    refuseEnd(window, current, end);
    await moveEnd(work, window, end);
    await touchWindow(work.tx, window.id, window.recurrence === null ? end : null, work.at);
    await note(work, 'maintenance.extended', window, { before: current.end, after: end });
    await announceChange(work, window);
    return await readBack(work, window.id);
  });
}

/** The work is done: this occurrence ends now, and future ones stay as they are. */
export async function endWindow(
  ctx: Ctx,
  scope: Scope,
  reference: string,
  check: VersionCheck,
): Promise<Window> {
  return await onWindow(ctx, scope, reference, check, async (work, window) => {
    const current = requireRunning(window);
    await endRun(work, window, { at: work.at, cause: 'ended_early', by: scope.caller.name });
    await touchWindow(work.tx, window.id, null, work.at);
    await note(work, 'maintenance.ended_early', window, { before: current.end, after: work.at });
    return await readBack(work, window.id);
  });
}

function requireRunning(window: Window): Occurrence {
  if (window.current === null || window.runId === null)
    throw new AppError('conflict', 'The window is not running now. Change its times instead.');
  return window.current;
}

function endOf(input: MaintenanceExtension, window: Window, current: Occurrence): Date {
  if ((input.by === undefined) === (input.end_time === undefined))
    throw invalidField('end_time', 'give either end_time or by');
  if (input.by !== undefined) return new Date(current.end.getTime() + durationSeconds(input.by) * 1000);
  const errors: FieldError[] = [];
  const end = parseTime('end_time', input.end_time ?? '', window.timezone, errors)?.at;
  const [mistake] = errors;
  if (end === undefined) throw invalidField('end_time', mistake?.message ?? 'is no time');
  return end;
}

function refuseEnd(window: Window, current: Occurrence, end: Date): void {
  if (end <= current.end)
    throw invalidField('end_time', 'must be later than the current end; to stop earlier, end the window');
  const daysMax = window.recurrence === null ? onceDaysMax : occurrenceDaysMax;
  if (end.getTime() - current.start.getTime() > daysMax * dayMs)
    throw invalidField('end_time', `is more than ${daysMax} days after the start`);
  const next = nextOccurrence(window, current.end, current.end);
  if (window.recurrence !== null && next !== undefined && end > next.start)
    throw invalidField(
      'end_time',
      `reaches into the next occurrence, which begins ${next.start.toISOString()}`,
    );
}

async function note(
  work: Work,
  action: string,
  window: Window,
  end: { before: Date; after: Date },
): Promise<void> {
  await audit(work.tx, work.scope, {
    action,
    target: { kind: 'maintenance', id: window.id, name: window.slug },
    before: { ends_at: end.before.toISOString() },
    after: { ends_at: end.after.toISOString() },
  });
}
