import { expect, test } from 'vitest';
import {
  mistakeIn,
  monitoringNames,
  monitoringSettings,
  readConfig,
  readSetting,
  withSettings,
} from './config.ts';

const base = readConfig({ CPU_USAGE_THRESHOLD: '70', ALERT_CHECK_INTERVAL: '0.5' });

test('every setting is read from its variable into its declared place', () => {
  for (const name of monitoringNames) {
    const { env, fallback, min } = monitoringSettings[name];
    expect([name, readSetting(readConfig({}), name)]).toEqual([name, fallback]);
    const wanted = Math.ceil(min) + 1;
    const given = readConfig({ [env]: String(wanted) });
    expect([name, readSetting(given, name)]).toEqual([name, wanted]);
    expect([...given.given]).toEqual([name]);
  }
});

test('a stored value overrides the environment and leaves the rest unchanged', () => {
  const next = withSettings(base, { cpu_usage_threshold: 55, health_check_interval: 5 });
  expect(next).toEqual({
    ...base,
    thresholds: { ...base.thresholds, cpuPercent: 55 },
    healthCheckIntervalSeconds: 5,
  });
  expect(base.thresholds.cpuPercent).toBe(70);
});

test.each([
  ['cpu_usage_threshold', 100.5, 'must be a number from 0 to 100'],
  ['metrics_retention_days', 1.5, 'must be a whole number from 1 to 3650'],
  ['alert_check_interval', Number.NaN, 'must be a number from 0.2 to 3600'],
  ['alert_check_interval', 0.2, undefined],
] as const)('%s of %d: %s', (name, value, mistake) => {
  expect(mistakeIn(name, value)).toBe(mistake);
});
