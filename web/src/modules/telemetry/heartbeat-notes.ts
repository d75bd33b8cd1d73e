import type { StoredHeartbeat } from '@watchkeeper/contracts/telemetry';
import { secondMs } from '../../lib/time';

/** What is worth a word about one heartbeat, seen beside the one before it. */
export type HeartbeatNote =
  | { kind: 'silence'; ms: number }
  | { kind: 'missing'; count: number }
  | { kind: 'repeated' }
  | { kind: 'out_of_order' }
  | { kind: 'restarted' }
  | { kind: 'clock'; skewMs: number }
  | { kind: 'clock_moved'; byMs: number };

/** Clocks this close agree for every purpose of ours. */
export const skewMsMin = 2 * secondMs;
/** This many times the usual pace is a silence. */
const silenceFactor = 3;
/** A number this far below the one before is a device that began to count anew. */
const restartShare = 0.5;

/** The usual time between heartbeats, from what is on the screen. */
export function usualPaceMs(rows: readonly StoredHeartbeat[]): number {
  const steps = rows.slice(1).map((row, index) => Date.parse(rows[index]?.at ?? row.at) - Date.parse(row.at));
  steps.sort((a, b) => a - b);
  return steps[Math.floor(steps.length / 2)] ?? 0;
}

/** `older` is the one before it in time; undefined where nothing older is known. */
export function notesOf(
  row: StoredHeartbeat,
  older: StoredHeartbeat | undefined,
  paceMs: number,
): HeartbeatNote[] {
  const notes: HeartbeatNote[] = [];
  if (older !== undefined) {
    const ms = Date.parse(row.at) - Date.parse(older.at);
    if (paceMs > 0 && ms > paceMs * silenceFactor) notes.push({ kind: 'silence', ms });
    notes.push(...orderNotes(row, older));
  }
  const before = older?.skew_ms ?? null;
  const skew = row.skew_ms;
  if (skew !== null && before !== null && Math.abs(skew - before) >= skewMsMin)
    notes.push({ kind: 'clock_moved', byMs: skew - before });
  else if (skew !== null && Math.abs(skew) >= skewMsMin) notes.push({ kind: 'clock', skewMs: skew });
  return notes;
}

function orderNotes(row: StoredHeartbeat, older: StoredHeartbeat): HeartbeatNote[] {
  if (row.sequence !== null && older.sequence !== null) {
    const step = row.sequence - older.sequence;
    if (step > 1) return [{ kind: 'missing', count: step - 1 }];
    if (step === 0) return [{ kind: 'repeated' }];
    if (step < 0)
      return [{ kind: row.sequence <= older.sequence * restartShare ? 'restarted' : 'out_of_order' }];
    return [];
  }
  const backwards =
    row.sent_at !== null && older.sent_at !== null && Date.parse(row.sent_at) < Date.parse(older.sent_at);
  return backwards ? [{ kind: 'out_of_order' }] : [];
}
