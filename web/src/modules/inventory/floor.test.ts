import type { DeviceStatus } from '@watchkeeper/contracts';
import { expect, test } from 'vitest';
import { bucketOf, groupByArea, parseFilter } from './floor';
import { deviceState } from './floor.fixture';

const device = (name: string, status: DeviceStatus, area: string | null = null) =>
  deviceState({ name, status, area });
const shape = (devices: Parameters<typeof groupByArea>[0]) =>
  groupByArea(devices, 'en').map((group) => [group.name, group.devices.map(({ name }) => name)]);

test('areas with trouble come first, and trouble first within an area; the rest by name as people count', () => {
  expect(
    shape([
      device('PC 10', 'online', 'Bay 10'),
      device('PC 2', 'online', 'Bay 2'),
      device('Router', 'online'),
      device('Gate', 'online', 'Door'),
      device('Lock', 'offline', 'Door'),
    ]),
  ).toEqual([
    ['Door', ['Lock', 'Gate']],
    ['Bay 2', ['PC 2']],
    ['Bay 10', ['PC 10']],
    [null, ['Router']],
  ]);
});

test('a floor with a chosen order always keeps it; new areas follow by name', () => {
  const placed = (name: string, status: DeviceStatus, area: string, position?: number) =>
    deviceState({ name, status, area, ...(position === undefined ? {} : { position }) });
  expect(
    shape([
      placed('Lamp', 'online', 'Bar'),
      placed('Lock', 'offline', 'Door', 1),
      placed('PC', 'online', 'Bay', 0),
      placed('Fan', 'offline', 'Attic'),
      device('Router', 'offline'),
    ]).map(([name]) => name),
  ).toEqual(['Bay', 'Door', 'Attic', 'Bar', null]);
});

test('an unknown device is neither fine nor wrong, and maintenance is not a problem', () => {
  const bucket = (status: DeviceStatus) => bucketOf({ status });
  expect(
    ['online', 'maintenance', 'unknown', 'offline', 'degraded'].map((s) => bucket(s as DeviceStatus)),
  ).toEqual(['fine', 'fine', 'unknown', 'wrong', 'wrong']);
  expect(parseFilter('wrong')).toBe('wrong');
  expect(parseFilter('red')).toBeUndefined();
});
