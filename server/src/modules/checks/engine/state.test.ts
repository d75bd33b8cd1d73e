import { expect, test } from 'vitest';
import { type Finished, unableRun } from './recorder.ts';
import {
  bufferedMax,
  createEngineState,
  forgetResults,
  hold,
  isIdle,
  isThoughtDead,
  keepResult,
  letGo,
  nextResults,
  noteLate,
  noteSkipped,
  roomToClaim,
} from './state.ts';
import { type ClaimedCheck, workerSilentMs } from './store.ts';

const checkOf = (id: string, organizationId = 'ours'): ClaimedCheck => ({
  check_id: id,
  organization_id: organizationId,
  lease: 'lease',
  version: 1,
  due_at: new Date(0),
  timeout_seconds: 5,
  retries: 0,
  alert_after_failures: 1,
  recover_after_successes: 1,
  status: 'up',
  reason: null,
  consecutive_failures: 0,
  consecutive_successes: 1,
  has_parents: false,
});
const resultOf = (id: string): Finished => ({
  check: checkOf(id),
  at: new Date(0),
  run: unableRun('nothing was tried'),
});
const many = (count: number, organizationId?: string) =>
  Array.from({ length: count }, (_, index) => checkOf(`${organizationId} ${index}`, organizationId));

test('a worker claims only while its last beat is fresh, and runs only while others count it alive', () => {
  const state = createEngineState();
  expect([roomToClaim(state, 0), isThoughtDead(state, 0)]).toEqual([0, true]);
  state.beatAt = 0;
  expect(roomToClaim(state, workerSilentMs / 2)).toBeGreaterThan(0);
  expect(roomToClaim(state, workerSilentMs / 2 + 1)).toBe(0);
  expect(isThoughtDead(state, workerSilentMs)).toBe(false);
  expect(isThoughtDead(state, workerSilentMs + 1)).toBe(true);
});

test('held checks take room, and one organization leaves others as much room as it holds', () => {
  const state = createEngineState();
  state.beatAt = 0;
  hold(state, many(2_048, 'large'));
  hold(state, many(1, 'small'));
  expect(state.share.full()).toEqual(['large']);
  hold(state, many(2_000, 'small'));
  expect(roomToClaim(state, 0)).toBe(4_096 - 4_048);
});

test('a check that is claimed again while it is held counts once', () => {
  const state = createEngineState();
  hold(state, [checkOf('a')]);
  hold(state, [checkOf('a')]);
  letGo(state, checkOf('a'));
  letGo(state, checkOf('a'));
  expect([state.held.size, state.share.total]).toEqual([0, 0]);
});

test('it is idle when it holds nothing, and during a stop when the last run ends', () => {
  const state = createEngineState();
  expect(isIdle(state, 3)).toBe(true);
  hold(state, [checkOf('a')]);
  expect(isIdle(state, 1)).toBe(false);
  state.isStopping = true;
  expect([isIdle(state, 2), isIdle(state, 1)]).toEqual([false, true]);
});

test('results are written in the order in which they came; new ones stay', () => {
  const state = createEngineState();
  for (const id of ['a', 'b']) keepResult(state, resultOf(id));
  const batch = nextResults(state);
  keepResult(state, resultOf('c'));
  forgetResults(state, batch);
  expect(batch.map(({ check }) => check.check_id)).toEqual(['a', 'b']);
  expect(nextResults(state).map(({ check }) => check.check_id)).toEqual(['c']);
});

test('a full buffer drops the oldest result, and its check is given back', () => {
  const state = createEngineState();
  for (let index = 0; index <= bufferedMax; index += 1) keepResult(state, resultOf(`${index}`));
  expect(state.finished).toHaveLength(bufferedMax);
  expect(state.finished[0]?.check.check_id).toBe('1');
  expect(state.unwanted).toEqual(['0']);
});

test('a worker that cannot use its turns for a minute says so', () => {
  const state = createEngineState();
  expect([0, 59_999, 60_000].map((now) => noteSkipped(state, 'a', now))).toEqual([false, false, true]);
  state.skips.delete('a');
  expect(noteSkipped(state, 'a', 70_000)).toBe(false);
});

test('an earlier lack of turns does not count: another worker may have run the check since', () => {
  const state = createEngineState();
  expect([0, 60_001, 120_001].map((now) => noteSkipped(state, 'a', now))).toEqual([false, false, true]);
  expect(noteSkipped(state, 'b', 180_002)).toBe(false);
  expect([...state.skips.keys()]).toEqual(['b']);
});

test('late starts are warned of once a minute', () => {
  const state = createEngineState();
  expect(noteLate(state, 4_999, 0)).toBe(false);
  expect([0, 59_999, 60_000].map((now) => noteLate(state, 5_000, now))).toEqual([true, false, true]);
});
