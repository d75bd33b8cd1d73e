import { statfs } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestApp, testApp } from '../../../../test/support/app.ts';

let house: TestApp;
beforeAll(async () => {
  house = await testApp();
});
afterAll(() => house.close());

const system = async () => (await house.call('GET', '/health/system', { token: null })).body;

test('/health/system shows used, free and total space of the disk of DATA_DIR', async () => {
  const { checks, status } = await system();
  const volume = await statfs(house.ctx.config.dataDir);
  const totalGib = (volume.blocks * volume.bsize) / 2 ** 30;
  expect(checks['disk:data:total']).toMatchObject({ observed_unit: 'GiB' });
  expect(checks['disk:data:total'].observed_value).toBeCloseTo(totalGib, 1);
  expect(checks['disk:data:free'].observed_value).toBeGreaterThan(0);
  expect(checks['disk:data:free'].observed_value).toBeLessThanOrEqual(totalGib);
  expect(checks['disk:data'].observed_value).toBeGreaterThanOrEqual(0);
  expect(checks['disk:data'].observed_value).toBeLessThanOrEqual(100);
  expect(['pass', 'warn']).toContain(status);
  expect(checks).toHaveProperty(['cpu:load']);
  expect(checks).toHaveProperty(['memory:host']);
});

test('above DISK_USAGE_THRESHOLD, which can be changed while it runs, it warns and does not fail', async () => {
  const put = (percent: number | null) =>
    house.call('PUT', '/api/operations/config', { body: { disk_usage_threshold: percent } });
  expect((await put(0)).status).toBe(200);
  const { status, body } = await house.call('GET', '/health/system', { token: null });
  expect([status, body.status]).toEqual([200, 'warn']);
  expect(body.checks['disk:data']).toMatchObject({
    status: 'warn',
    output: expect.stringMatching(/^The disk is [\d.]+ % full; DISK_USAGE_THRESHOLD is 0 %\.$/),
  });
  await put(100);
  expect((await system()).checks['disk:data'].status).toBe('pass');
});
