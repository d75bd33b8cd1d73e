import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { defineReading, only, type Sample, samplesMax } from '#platform/metric-readings';
import type { Module } from '#platform/module';
import { type TestApp, testApp } from '../../../../test/support/app.ts';
import { type Tenant, testTenant } from '../../../../test/support/tenants.ts';

import { modules } from '../../app.ts';
import { createPrometheus } from './prometheus.ts';
import type { OperationsScope } from './scope.ts';

let house: TestApp;
let alice: Tenant;

beforeAll(async () => {
  house = await testApp();
  alice = await testTenant(house, 'alice');
  await house.app.workOnce(1_000);
});
afterAll(() => house.close());

async function scrape(token?: string | null) {
  const answer = await house.call('GET', '/metrics', token === undefined ? {} : { token });
  return { ...answer, text: String(answer.body) };
}

/** The value of a series, found by its name and labels as printed. */
function seriesOf(text: string, series: string): number {
  const line = text.split('\n').find((one) => one.startsWith(`${series} `));
  return line === undefined ? Number.NaN : Number(line.slice(series.length));
}

test('is text that Prometheus reads, of this process and of the installation', async () => {
  const { status, headers, text } = await scrape();
  expect(status).toBe(200);
  expect(headers['content-type']).toMatch(/^text\/plain; version=0\.0\.4/);
  for (const line of text.split('\n').filter((one) => one !== ''))
    expect(line).toMatch(/^(# (HELP|TYPE) [a-z0-9_]+ .+|[a-z0-9_]+(\{[^}]*\})? (-?[\d.e+-]+|Nan))$/);
  expect(seriesOf(text, 'process_resident_memory_bytes')).toBeGreaterThan(1_000_000);
  expect(seriesOf(text, 'watchkeeper_service_status{service="database"}')).toBe(0);
  expect(seriesOf(text, 'watchkeeper_jobs{state="failed"}')).toBe(0);
  // No beat has come yet, so it is as old as the server: younger than this process.
  expect(seriesOf(text, 'watchkeeper_watch_beat_age_seconds')).toBeLessThan(performance.now() / 1_000);
  for (const name of [
    'check_oldest_due_seconds',
    'notifications_waiting',
    'jobs_oldest_seconds',
    'intake_up',
  ])
    expect(seriesOf(text, `watchkeeper_${name}`)).toBeGreaterThanOrEqual(0);
  expect(text).toContain('watchkeeper_periodic_late_seconds{work="alerting.tick"}');
});

test('counts requests, heartbeats and alerts', async () => {
  const before = await scrape();
  await alice.call('POST', '/sites', { body: { slug: 'club', name: 'Club', timezone: 'UTC' } });
  const device = await alice.call('POST', '/devices', { body: { slug: 'pc', site: 'club' } });
  await house.call('POST', '/heartbeat', {
    token: device.body.token,
    body: { device_id: 'pc', tenant_id: 'alice', store_id: 'club', status: 'online' },
  });
  await alice.call('POST', '/alerts', { body: { title: 'The door stands open', severity: 'critical' } });
  const { text } = await scrape();
  const grown = (series: string) => seriesOf(text, series) - (seriesOf(before.text, series) || 0);
  expect(seriesOf(text, 'watchkeeper_alerts{severity="critical",attention="needs_you"}')).toBe(1);
  expect(grown('watchkeeper_http_request_duration_seconds_count{status="2xx"}')).toBeGreaterThanOrEqual(4);
  expect(text).toMatch(/^watchkeeper_heartbeats_total\{result="\w+"\} [1-9]/m);
});

test('two readers at once each get a whole page', async () => {
  const pages = await Promise.all([scrape(), scrape(), scrape()]);
  for (const { text } of pages) expect(text.match(/^# TYPE watchkeeper_service_status/gm)).toHaveLength(1);
});

test('needs a bearer key that may read the installation', async () => {
  expect((await scrape(null)).status).toBe(401);
  expect(await scrape(alice.key)).toMatchObject({ status: 403, body: { code: 'forbidden' } });
  const made = await house.call('POST', '/api/v1/default/api-keys', {
    body: { name: 'prometheus', scopes: ['read'] },
  });
  expect((await scrape(made.body.key)).status).toBe(200);
});

/** Who may read the installation. */
const reader: OperationsScope = {
  scope: {
    organizationId: 'none',
    organizationSlug: 'none',
    caller: { kind: 'system', id: 'test', name: 'test' },
    role: null,
    permissions: new Set(['read']),
    requestId: 'test',
  },
  house: null,
  installation: true,
};

test('a module whose figures fail or hang is told as such, and takes no other down', async () => {
  let asked = 0;
  const { promise: hanging, resolve: letGo } = Promise.withResolvers<{ endless: Sample[] }>();
  const gauge = (help: string) => ({ help });
  const broken: Module = {
    name: 'broken',
    metrics: [
      defineReading({
        name: 'wrong_statement',
        gauges: { wrong: gauge('Reads a table that nobody has.') },
        read: async (_ctx, tx) => {
          await sql`select * from no_such_table`.execute(tx);
          return { wrong: only(1) };
        },
      }),
      defineReading({
        name: 'endless',
        gauges: { endless: gauge('Never answers.') },
        readMsMax: 20,
        read: () => {
          asked += 1;
          return hanging;
        },
      }),
      defineReading({
        name: 'slow_statement',
        gauges: { slow: gauge('Holds its connection.') },
        readMsMax: 50,
        read: async (_ctx, tx) => {
          await sql`select pg_sleep(600)`.execute(tx);
          return { slow: only(1) };
        },
      }),
      defineReading({
        name: 'unbounded',
        gauges: { unbounded: { help: 'A series for each row.', labels: ['row'] } },
        read: async () => ({
          unbounded: Array.from({ length: samplesMax + 1 }, (_, row) => [{ row: String(row) }, 1] as const),
        }),
      }),
      defineReading({
        name: 'mislabelled',
        gauges: { mislabelled: { help: 'Has another label than it says.', labels: ['a'] } },
        read: async () => ({ mislabelled: [[{ b: '1' }, 1]] }),
      }),
      defineReading({
        name: 'good',
        gauges: { good: gauge('Answers.') },
        read: async () => ({ good: only(7) }),
      }),
    ],
  };
  const read = createPrometheus(house.ctx, [broken, ...modules]);
  const failed = (text: string, reading: string) =>
    seriesOf(text, `watchkeeper_metric_read_failed{reading="${reading}"}`);
  // The second page does not wait for what still hangs, and asks it nothing.
  for (const { text } of [await read(reader), await read(reader)]) {
    for (const reading of ['wrong_statement', 'endless', 'slow_statement', 'unbounded', 'mislabelled'])
      expect([reading, failed(text, reading)]).toEqual([reading, 1]);
    for (const reading of ['good', 'services', 'intake', 'outboxes', 'periodic', 'jobs', 'checks', 'alerts'])
      expect([reading, failed(text, reading)]).toEqual([reading, 0]);
    expect(seriesOf(text, 'watchkeeper_good')).toBe(7);
    expect(seriesOf(text, 'watchkeeper_intake_up')).toBeGreaterThanOrEqual(0);
    expect(text).not.toMatch(/^watchkeeper_(wrong|endless|slow|unbounded|mislabelled)/m);
  }
  expect(asked).toBe(1);
  letGo({ endless: [] });
});

test('two modules cannot bring one metric', () => {
  const second: Module = {
    name: 'second',
    metrics: [
      defineReading({
        name: 'again',
        gauges: { alerts: { help: 'Taken.' } },
        read: async () => ({ alerts: [] }),
      }),
    ],
  };
  expect(() => createPrometheus(house.ctx, [...modules, second])).toThrow('a metric named "alerts"');
});
