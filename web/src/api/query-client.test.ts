import { expect, test } from 'vitest';
import { ApiError } from './problem';
import { shouldRetry } from './query-client';

test('only faults that may pass are tried again, and not for ever', () => {
  const refused = new ApiError(403, 'forbidden', '');
  const busy = new ApiError(503, 'overloaded', '');
  const offline = new ApiError(0, 'network', '');
  expect([refused, busy, offline, new Error('bug')].map((error) => shouldRetry(0, error))).toEqual([
    false,
    true,
    true,
    false,
  ]);
  expect(shouldRetry(2, busy)).toBe(false);
});
