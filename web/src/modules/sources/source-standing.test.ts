import type { Source } from '@watchkeeper/contracts/sources';
import { expect, test } from 'vitest';
import { standingOf } from './source-standing';

const at = '2026-03-02T12:00:00Z';
const state: Source['state'] = {
  status: 'up',
  since: at,
  reason: null,
  last_reading: at,
  fresh: true,
  objects: 3,
  linked: 1,
  failing: null,
  not_before: null,
  next_due_at: at,
};

const failing = { since: at, reason: 'It does not answer.', readings: 1 };
const neverRead = { status: 'pending', last_reading: null, fresh: false, failing } as const;

test.each<[string, boolean, Partial<Source['state']>, string]>([
  ['answers while its readings succeed', true, {}, 'answering'],
  ['is silent once its check is down', true, { status: 'down' }, 'silent'],
  ['is silent although its last reading still counts', true, { status: 'down', fresh: true }, 'silent'],
  ['that was not read for long is not called answering', true, { fresh: false }, 'unsure'],
  ['that asked us to wait is unsure', true, { status: 'unknown' }, 'unsure'],
  [
    'that asked us to wait before its first reading is unsure',
    true,
    { status: 'unknown', last_reading: null },
    'unsure',
  ],
  ['that is new was not read yet', true, { status: 'pending', last_reading: null, fresh: false }, 'waiting'],
  ['that is new and fails says so at once', true, neverRead, 'failing'],
  ['that failed once still counts as answering', true, { failing }, 'answering'],
  ['that failed for long, and was not called down, is unsure', true, { failing, fresh: false }, 'unsure'],
  ['that is switched off is off, whatever its readings', false, { status: 'down' }, 'off'],
])('a source %s', (_what, enabled, change, standing) => {
  expect(standingOf({ enabled, state: { ...state, ...change } })).toBe(standing);
});
