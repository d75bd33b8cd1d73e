import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { waitAfter } from './backoff.ts';
import { readHost } from './host.ts';
import { lockFolder } from './lock.ts';
import { createLatency } from './requests/latency.ts';
import { openSequence } from './sequence.ts';
import { readSettings, SettingsError } from './settings.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'agent-parts-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const good = {
  WATCHKEEPER_URL: 'https://watch.example',
  WATCHKEEPER_TOKEN: 'wkd_0123456789',
  WATCHKEEPER_TENANT: 'default',
  WATCHKEEPER_STORE: 'dartmouth',
  WATCHKEEPER_DEVICE: 'bay-4-pc',
};

describe('settings', () => {
  test('come from variables, and from the files that variables name', () => {
    const file = path.join(folder, 'token');
    writeFileSync(file, 'wkd_from_a_file\n');
    const settings = readSettings({ ...good, WATCHKEEPER_TOKEN_FILE: file, WATCHKEEPER_INTERVAL: '1m' });
    expect(settings).toMatchObject({ token: 'wkd_from_a_file', intervalMs: 60_000, device: 'bay-4-pc' });
  });

  test('all mistakes are named at once, each with its correction', () => {
    const read = () => readSettings({ WATCHKEEPER_URL: 'ftp://x', WATCHKEEPER_INTERVAL: 'often' });
    expect(read).toThrow(SettingsError);
    expect(read).toThrow(/URL.*TOKEN.*TENANT.*STORE.*DEVICE.*INTERVAL/s);
  });
});

test('the sequence rises over restarts, also when the clock went back or the folder was lost', () => {
  const now = 1_700_000_000_000;
  const first = openSequence(folder, () => now);
  const before = [first.next(), first.next(), first.next()];
  expect(before).toEqual([1_700_000_000, 1_700_000_001, 1_700_000_002]);
  expect(openSequence(folder, () => now - 86_400_000).next()).toBeGreaterThan(1_700_000_002);
  rmSync(folder, { recursive: true });
  expect(openSequence(folder, () => now + 10_000).next()).toBeGreaterThan(1_700_000_002);
});

test('a folder takes one agent', () => {
  writeFileSync(path.join(folder, 'pid'), `${process.ppid}\n`);
  expect(() => lockFolder(folder)).toThrow(`process ${process.ppid}`);
  // No process has this number, as after a power cut.
  writeFileSync(path.join(folder, 'pid'), '999999999\n');
  const unlock = lockFolder(folder);
  unlock();
});

test('waits double up to a minute, have jitter, and are never shorter than the server asks', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 60 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (failures, chance) => {
        const ms = waitAfter(failures, { refused: false, random: () => chance });
        expect(ms).toBeGreaterThanOrEqual(500);
        expect(ms).toBeLessThanOrEqual(60_000);
      },
    ),
  );
  expect(waitAfter(1, { refused: false, retryAfterMs: 20_000 })).toBe(20_000);
  expect(waitAfter(1, { refused: true, random: () => 1 })).toBe(300_000);
});

test('a latency quantile is within a tenth of the exact one', () => {
  fc.assert(
    fc.property(
      fc.array(fc.double({ min: 0.2, max: 60_000, noNaN: true }), { minLength: 1, maxLength: 300 }),
      (all) => {
        const latency = createLatency();
        for (const ms of all) latency.add(ms);
        const sorted = all.toSorted((one, other) => one - other);
        for (const q of [0.5, 0.95, 0.99]) {
          const exact = sorted[Math.ceil(sorted.length * q) - 1] ?? 0;
          expect(Math.abs(latency.quantile(q) - exact) / exact).toBeLessThan(0.1);
        }
      },
    ),
  );
});

test('this machine has a CPU, memory and a disk, in per cent', async () => {
  const reading = await readHost();
  for (const figure of [reading.cpu_usage, reading.memory_usage, reading.disk_usage]) {
    expect(figure).toBeGreaterThanOrEqual(0);
    expect(figure).toBeLessThanOrEqual(100);
  }
  expect(reading.metrics?.uptime_sec).toBeGreaterThan(0);
});
