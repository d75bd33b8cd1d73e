import type { StoredHeartbeat } from '@watchkeeper/contracts/telemetry';
import { expect, test } from 'vitest';
import { notesOf, usualPaceMs } from './heartbeat-notes';

const start = Date.parse('2026-11-21T18:00:00Z');
function beat(seconds: number, sequence: number | null, skewMs: number | null = 0): StoredHeartbeat {
  const at = start + seconds * 1_000;
  return {
    at: new Date(at).toISOString(),
    sent_at: skewMs === null ? null : new Date(at + skewMs).toISOString(),
    skew_ms: skewMs,
    sequence,
    status: 'ok',
    app_version: null,
  };
}
const kinds = (row: StoredHeartbeat, older: StoredHeartbeat | undefined) =>
  notesOf(row, older, 10_000).map((note) => note.kind);

test('the usual pace is the median, so that one long silence does not change it', () => {
  expect(usualPaceMs([beat(620, 4), beat(20, 3), beat(10, 2), beat(0, 1)])).toBe(10_000);
  expect(usualPaceMs([beat(0, 1)])).toBe(0);
});

test('a heartbeat that follows its predecessor needs no words', () => {
  expect(kinds(beat(10, 2), beat(0, 1))).toEqual([]);
  expect(kinds(beat(10, 2), undefined)).toEqual([]);
});

test('silence, missing numbers, repeated numbers, wrong order and restarts have different notes', () => {
  expect(notesOf(beat(60, 6), beat(0, 1), 10_000)).toEqual([
    { kind: 'silence', ms: 60_000 },
    { kind: 'missing', count: 4 },
  ]);
  expect(kinds(beat(10, 5), beat(0, 5))).toEqual(['repeated']);
  expect(kinds(beat(10, 95), beat(0, 100))).toEqual(['out_of_order']);
  expect(kinds(beat(10, 1), beat(0, 100))).toEqual(['restarted']);
  expect(kinds(beat(10, null, -60_000), beat(0, null, 0))).toEqual(['out_of_order', 'clock_moved']);
});

test('a wrong clock has a note, and so has the moment when it was changed', () => {
  expect(kinds(beat(10, 2, 90_000), beat(0, 1, 90_500))).toEqual(['clock']);
  expect(kinds(beat(10, 2, 90_000), beat(0, 1, 0))).toEqual(['clock_moved']);
  expect(kinds(beat(10, 2, 1_900), beat(0, 1, 1_000))).toEqual([]);
});
