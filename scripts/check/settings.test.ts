import { expect, test } from 'vitest';
import { readConfig } from '#config';
import { readsIn, settingFaults, settingsOf } from './settings.ts';

test('a setting that no code reads is a fault, and one that is read is not', () => {
  const settings = settingsOf({ port: 1, worker: { sleepSeconds: 2, planted: 3 } });
  expect(
    settingFaults(settings, ['listen(config.port)', 'const { sleepSeconds } = ctx.config.worker;']),
  ).toEqual(['config.worker.planted is read by nothing in server/src']);
});

test('the search finds a setting that no code reads', () => {
  expect(settingsOf(readConfig({})).length).toBeGreaterThan(35);
  const others = ['const { other } = config; config.http.portal; worker.sleeping'];
  expect(settingFaults(settingsOf(readConfig({})), others)).toHaveLength(settingsOf(readConfig({})).length);
  expect(readsIn('const { sleepSeconds } = ctx.config.worker;', 'worker.sleepSeconds')).toBe(true);
  expect(readsIn('call(ctx.config.worker.sleepSeconds)', 'worker.sleepSeconds')).toBe(true);
  expect(readsIn('config.worker.sleepSecondsMax', 'worker.sleepSeconds')).toBe(false);
  expect(readsIn('config.email.enabled', 'slack.enabled')).toBe(false);
});
