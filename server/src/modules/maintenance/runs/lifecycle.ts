import type { Ctx } from '#platform/context';
import type { Tx } from '#platform/db/database';
import type { DomainEvent } from '#platform/event-bus';
import { newId } from '#platform/ids';
import { nextOccurrence, type Occurrence } from '../calendar/occurrences.ts';
import {
  type MaintenanceHappened,
  maintenanceChanged,
  maintenanceEnded,
  maintenanceStarted,
} from '../events.ts';
import { setCurrent } from '../windows/store.ts';
import type { Window } from '../windows/window.ts';
import { closeRun, coverRun, type EndCause, insertRun, setPlannedEnd } from './store.ts';

/**
 * The only file that begins and ends runs. The caller holds the lock on the window's row, so only one process begins or
 * ends a run. Each function returns the window's new state.
 */
export interface Turn {
  readonly ctx: Pick<Ctx, 'events' | 'live'>;
  readonly tx: Tx;
  readonly at: Date;
}

/** After an outage of all workers, a window may be due several times. The rest waits for the next turn. */
const stepsMax = 4;

/** Begins, ends and moves to the next occurrence, as the time requires. */
export async function settle(turn: Turn, window: Window): Promise<Window> {
  let settled = window;
  for (let step = 0; step < stepsMax; step += 1) {
    const { current, runId } = settled;
    if (current === null || current.start > turn.at) break;
    if (runId !== null && current.end > turn.at) break;
    // An occurrence that passed while no worker ran still happened: begin and end it at its own times.
    settled =
      runId === null
        ? await startRun(turn, settled, current)
        : await endRun(turn, settled, { at: current.end, cause: 'schedule', by: null });
  }
  return settled;
}

/**
 * For a window whose next occurrence cannot be computed: its run ends as planned. Muting forever would be worse than
 * not muting.
 */
export async function letGo(turn: Turn, window: Window): Promise<void> {
  const { current, runId } = window;
  await setCurrent(turn.tx, window.id, null, null);
  if (current === null || runId === null) return await tellScreens(turn, window);
  await closeRun(turn.tx, runId, { at: current.end, cause: 'schedule', by: null });
  await announce(turn, window, maintenanceEnded, runId);
}

async function startRun(turn: Turn, window: Window, current: Occurrence): Promise<Window> {
  const runId = newId();
  await insertRun(turn.tx, {
    id: runId,
    organizationId: window.organizationId,
    windowId: window.id,
    startedAt: current.start,
    plannedEndAt: current.end,
  });
  await coverRun(turn.tx, runId, current.start);
  await setCurrent(turn.tx, window.id, current, runId);
  const started = { ...window, current, runId };
  await announce(turn, started, maintenanceStarted, runId);
  return started;
}

/** Ends the running occurrence and finds the next one, which begins no earlier than this one ended. */
export async function endRun(
  turn: Turn,
  window: Window,
  end: { at: Date; cause: EndCause; by: string | null },
): Promise<Window> {
  const { current, runId } = window;
  if (current === null || runId === null) return window;
  await closeRun(turn.tx, runId, end);
  // Otherwise, an occurrence that ends at its own start would be found again as the next one.
  const notBefore = new Date(Math.max(end.at.getTime(), current.start.getTime() + 1));
  const ended = await moveOn(turn, { ...window, runId: null }, notBefore);
  await announce(turn, ended, maintenanceEnded, runId);
  return ended;
}

async function moveOn(turn: Turn, window: Window, notBefore: Date): Promise<Window> {
  const current = nextOccurrence(window, turn.at, notBefore) ?? null;
  await setCurrent(turn.tx, window.id, current, window.runId);
  return { ...window, current };
}

/**
 * Sets the next occurrence of a window that is not running. If it should already be running, it begins now, not in the
 * past.
 */
export async function schedule(turn: Turn, window: Window): Promise<Window> {
  const next = nextOccurrence(window, turn.at) ?? null;
  const current = next === null || next.start >= turn.at ? next : { start: turn.at, end: next.end };
  await setCurrent(turn.tx, window.id, current, null);
  return await settle(turn, { ...window, current, runId: null });
}

/** Moves the end of the running occurrence. */
export async function moveEnd(turn: Turn, window: Window, end: Date): Promise<Window> {
  const { current, runId } = window;
  if (current === null || runId === null) return window;
  const moved = { ...window, current: { start: current.start, end } };
  await setPlannedEnd(turn.tx, runId, end);
  await setCurrent(turn.tx, window.id, moved.current, runId);
  return moved;
}

/** For edits: the scope of the window has changed. A run keeps its old scope for the time until now. */
export async function coverFromNow(turn: Turn, runId: string): Promise<void> {
  await coverRun(turn.tx, runId, turn.at);
}

/** For edits: the scope of a running window has changed. */
export async function announceChange(turn: Turn, window: Window): Promise<void> {
  if (window.runId === null) await tellScreens(turn, window);
  else await announce(turn, window, maintenanceChanged, window.runId);
}

async function announce(
  turn: Turn,
  window: Window,
  event: DomainEvent<MaintenanceHappened>,
  runId: string,
): Promise<void> {
  const { organizationId, id: windowId } = window;
  await turn.ctx.events.publish(turn.tx, event, { organizationId, windowId, runId });
  await tellScreens(turn, window);
}

async function tellScreens(turn: Turn, window: Window): Promise<void> {
  const { organizationId, id } = window;
  await turn.ctx.live.publish(turn.tx, { organizationId, topic: 'maintenance', ids: [id] });
}
