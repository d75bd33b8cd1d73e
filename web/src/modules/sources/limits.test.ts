import { sourceFreshSeconds } from '@watchkeeper/contracts/device-status';
import { sourceIntervalSecondsMax, sourceIntervalSecondsMin } from '@watchkeeper/contracts/sources';
import { expect, test } from 'vitest';
import { freshSeconds, intervalSeconds } from './limits';

test('the console uses the limits of the contract', () => {
  expect(freshSeconds).toBe(sourceFreshSeconds);
  expect(intervalSeconds).toEqual({ min: sourceIntervalSecondsMin, max: sourceIntervalSecondsMax });
});
