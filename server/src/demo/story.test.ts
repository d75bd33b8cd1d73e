import { expect, test } from 'vitest';
import { type DemoDevice, demoDevices } from './places.ts';
import { pastWeatherOf, weatherOf } from './story.ts';

const pastSeconds = 6 * 3_600;

/** Seconds of uninterrupted silence, as a chart of the past would show them. */
function silences(device: DemoDevice): number[] {
  const found: number[] = [];
  let run = 0;
  for (let ago = pastSeconds; ago > 0; ago -= 1) {
    if (pastWeatherOf(device, ago).silent) run += 1;
    else if (run > 0) {
      found.push(run);
      run = 0;
    }
  }
  return found;
}

test('the past is calm except for the faults that the demonstration shows', () => {
  const silent = demoDevices.filter((device) => silences(device).length > 0).map(({ slug }) => slug);
  expect(silent.sort()).toEqual(['dartmouth-bay-4-pc', 'leeds-bay-2-pc', 'perth-bay-5-pc']);
  for (const device of demoDevices) {
    expect(silences(device).length).toBeLessThanOrEqual(pastSeconds / 3_600 / 2);
    expect(pastWeatherOf(device, 1).silent).toBe(false);
  }
});

test('every fault of the story happens while it runs', () => {
  const seen = new Set<string>();
  for (const device of demoDevices)
    for (let second = 0; second < 600; second += 1)
      for (const [name, value] of Object.entries(weatherOf(device, second)))
        if (value !== pastWeatherOf(device, 1)[name as 'silent']) seen.add(`${device.slug} ${name}`);
  expect([...seen].sort()).toEqual([
    'dartmouth-bay-4-pc silent',
    'leeds-bay-2-pc silent',
    'leeds-gate-2 gateFailureShare',
    'perth-bay-3-pc rmmMistaken',
    'perth-bay-5-pc silent',
    'perth-side-door hubOffline',
    'perth-till-1 syncLagSeconds',
  ]);
});
