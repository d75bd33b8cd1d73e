import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestApp, testApp } from '../../../../test/support/app.ts';
import { type Tenant, testTenant } from '../../../../test/support/tenants.ts';

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

/** The value of a series, found by its name and labels as they stand. */
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
  expect(seriesOf(text, 'watchkeeper_watch_beat_age_seconds')).toBeLessThan(60);
  for (const name of [
    'check_oldest_due_seconds',
    'notifications_waiting',
    'jobs_oldest_seconds',
    'intake_up',
  ])
    expect(seriesOf(text, `watchkeeper_${name}`)).toBeGreaterThanOrEqual(0);
  expect(text).toContain('watchkeeper_periodic_late_seconds{work="alerting.tick"}');
});

test('counts what happens: requests, heartbeats, alerts', async () => {
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

test('is for who may read the installation, by a bearer key', async () => {
  expect((await scrape(null)).status).toBe(401);
  expect(await scrape(alice.key)).toMatchObject({ status: 403, body: { code: 'forbidden' } });
  const made = await house.call('POST', '/api/v1/default/api-keys', {
    body: { name: 'prometheus', scopes: ['read'] },
  });
  expect((await scrape(made.body.key)).status).toBe(200);
});
