import { expect, test } from 'vitest';
import { readConfig } from '#config';
import { restMs, restSeconds } from './rest.ts';

test('a loop rests for its own time, but never longer than WORKER_SLEEP_SECONDS', () => {
  const config = readConfig({ WORKER_SLEEP_SECONDS: '2.5' });
  expect([restSeconds(config, 5), restSeconds(config, 1)]).toEqual([2.5, 1]);
  expect([restMs(config, 10_000), restMs(config, 1_000)]).toEqual([2_500, 1_000]);
  expect(restSeconds(readConfig({}), 600)).toBe(120);
});
