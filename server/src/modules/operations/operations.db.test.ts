import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type TestApp, testApp } from '../../../../test/support/app.ts';
import { type TestClock, testClock } from '../../../../test/support/clock.ts';
import { type Tenant, testTenant } from '../../../../test/support/tenants.ts';
import { waitFor } from '../../../../test/support/wait-for.ts';
import { collectInstallation, collectProcess } from './index.ts';

let house: TestApp;
let clock: TestClock;
let alice: Tenant;

beforeAll(async () => {
  clock = testClock(new Date());
  house = await testApp({ clock, env: { CPU_USAGE_THRESHOLD: '70' } });
  alice = await testTenant(house, 'alice');
  await house.app.workOnce(1_000);
});
afterAll(() => house.close());

const get = (path: string, token?: string | null) =>
  house.call('GET', `/api/operations${path}`, token === undefined ? {} : { token });
const put = (body: object, headers: Record<string, string> = {}, token?: string) =>
  house.call('PUT', '/api/operations/config', { body, headers, ...(token === undefined ? {} : { token }) });
const settingIn = (answer: { body: { settings: { name: string }[] } }, name: string) =>
  answer.body.settings.find((setting) => setting.name === name);

/** Some minutes of measuring, with a request in each. */
async function measure(minutes: number): Promise<void> {
  for (let minute = 0; minute < minutes; minute += 1) {
    clock.advance(60);
    await get('/config');
    await house.call('GET', '/api/v1/nowhere/sites');
    await collectProcess(house.ctx);
    await collectInstallation(house.ctx);
  }
}

describe('measurements', () => {
  test('hosts, database, queue and requests have series after a few minutes', async () => {
    await measure(3);
    const { status, body } = await get('/infrastructure/metrics?hours=1');
    expect(status).toBe(200);
    const [host] = body.installation.hosts;
    expect(host.source).toMatch(/^watchkeeper@./);
    const named = (name: string) => host.series.find((one: { metric: string }) => one.metric === name);
    for (const name of ['memory_usage', 'disk_usage', 'cpu_usage']) {
      expect(named(name).latest).toBeGreaterThanOrEqual(0);
      expect(named(name).latest).toBeLessThanOrEqual(100);
      expect(named(name).points.length).toBeGreaterThan(1);
    }
    expect(body.installation.database.now.size_bytes).toBeGreaterThan(1_000_000);
    expect(body.installation.database.now.connections).toBeGreaterThan(0);
    expect(body.installation.database.now.largest_tables.length).toBeGreaterThan(3);
    expect(body.installation.database.series.map((one: { metric: string }) => one.metric)).toContain(
      'statement_p95_ms',
    );
    expect(body.installation.periodic.map((one: { name: string }) => one.name)).toContain('alerting.tick');
    expect(body.installation.queue.now.waiting).toBeGreaterThanOrEqual(0);
  });

  test('requests are counted by route, with errors and percentiles', async () => {
    const { body } = await get('/performance/metrics?hours=1');
    const own = body.sources.find((one: { source: string }) => one.source.startsWith('watchkeeper@'));
    expect(own.overall.requests).toBeGreaterThanOrEqual(3);
    expect(own.overall.client_error_percent).toBeGreaterThan(0);
    expect(own.overall.p99_ms).toBeGreaterThanOrEqual(own.overall.p50_ms);
    const routes = own.routes.map((one: { endpoint: string }) => one.endpoint);
    expect(routes).toContain('GET /api/operations/config');
    expect(own.points.length).toBeGreaterThan(0);
    expect(body.formula).toMatch(/combined with their number of requests as weight/);
  });

  test("figures of another server's middleware are shown too, its routes added up", async () => {
    const at = new Date(clock.now()).toISOString();
    const one = (metric_name: string, value: number, endpoint: string) => ({
      ...{ metric_type: 'PERFORMANCE', metric_category: 'http', unit: 'x', source: 'shop-api' },
      ...{ metric_name, value, endpoint, at },
    });
    const sent = await alice.call('POST', '/metrics', {
      body: [
        ...[
          one('requests', 90, 'GET /a'),
          one('server_errors', 0, 'GET /a'),
          one('latency_p95', 10, 'GET /a'),
        ],
        ...[
          one('requests', 10, 'GET /b'),
          one('server_errors', 50, 'GET /b'),
          one('latency_p95', 110, 'GET /b'),
        ],
      ],
    });
    expect(sent.status).toBe(202);
    const { body } = await get('/performance/metrics?hours=1', alice.key);
    expect(body.sources).toHaveLength(1);
    expect(body.sources[0].overall).toMatchObject({ requests: 100, server_error_percent: 5, p95_ms: 20 });
    expect(body.sources[0].routes.map((route: { endpoint: string }) => route.endpoint)).toEqual([
      'GET /a',
      'GET /b',
    ]);
  });

  test('people of another organization see their own agents, and nothing of the installation', async () => {
    await alice.call('POST', '/sites', { body: { slug: 'club', name: 'Club', timezone: 'UTC' } });
    const device = await alice.call('POST', '/devices', { body: { slug: 'pc', site: 'club' } });
    await house.call('POST', '/heartbeat', {
      token: device.body.token,
      body: {
        device_id: 'pc',
        tenant_id: 'alice',
        store_id: 'club',
        status: 'ok',
        cpu_usage: 40,
        memory_usage: 50,
      },
    });
    const { body } = await get('/infrastructure/metrics', alice.readKey);
    expect(body).toMatchObject({ tenant_id: 'alice', installation: null });
    expect(body.agents).toMatchObject([{ device_id: 'pc', cpu_usage: 40, memory_usage: 50, fresh: true }]);
    const status = (await get('/system/status', alice.readKey)).body;
    expect(status.services).toHaveLength(6);
    for (const service of status.services)
      expect(service).toMatchObject({ output: null, observed_value: null, observed_unit: null });
    const { body: health } = await get('/system/health/hosts', alice.readKey);
    expect(health).toMatchObject({ output: null, observed_value: null });
    expect((await get('/config', alice.key)).status).toBe(403);
    expect((await get('/dashboard', alice.key)).body.config).toBeNull();
    expect((await get('/infrastructure/metrics?org=default', alice.key)).status).toBe(404);
    expect((await get('/infrastructure/metrics', null)).status).toBe(401);
  });
});

describe("Watchkeeper's own services", () => {
  test('are reported overall and one by one, and have a history', async () => {
    const status = await get('/system/status');
    expect(status.body.services.map((one: { service: string }) => one.service).sort()).toEqual(
      ['checks', 'database', 'detection', 'hosts', 'intake', 'jobs'].sort(),
    );
    clock.advance(30);
    await house.app.workOnce(1_000);
    clock.advance(30);
    await house.app.workOnce(1_000);
    const { status: code, body } = await get('/system/health/database?hours=1');
    expect(code).toBe(200);
    expect(body.status).toBe('pass');
    expect(body.history.at(-1)).toMatchObject({ status: 'pass' });
    expect(body.uptime[0]).toMatchObject({ window: '24h', available_percent: 100, down_seconds: 0 });
    expect(body.uptime[0].unknown_seconds).toBeGreaterThan(80_000);
    expect((await get('/system/health/carrier-pigeon')).status).toBe(404);
    expect((await get('/system/health/Background%20jobs')).body.service).toBe('jobs');
  });

  test('the dashboard has all of it in one call', async () => {
    const { status, body } = await get('/dashboard');
    expect(status).toBe(200);
    expect(Object.keys(body).sort()).toEqual(
      ['alerts', 'config', 'infrastructure', 'performance', 'rules', 'status'].sort(),
    );
    expect(body.rules.enabled).toBeGreaterThan(10);
  });
});

describe('the monitoring configuration', () => {
  test('shows for each value where it comes from', async () => {
    const answer = await get('/config');
    expect(settingIn(answer, 'cpu_usage_threshold')).toMatchObject({
      value: 70,
      source: 'environment',
      origin: 'from the environment (CPU_USAGE_THRESHOLD)',
    });
    expect(settingIn(answer, 'disk_usage_threshold')).toMatchObject({ value: 90, source: 'default' });
  });

  test('is changed, audited, followed by another process, and reset', async () => {
    const other = await testApp({ database: house.database, env: { CPU_USAGE_THRESHOLD: '70' } });
    const before = await get('/config');
    const changed = await put(
      { cpu_usage_threshold: 55, alert_check_interval: '2m' },
      { 'if-match': String(before.headers.etag) },
    );
    expect(changed.status).toBe(200);
    expect(settingIn(changed, 'cpu_usage_threshold')).toMatchObject({ value: 55, source: 'set' });
    expect(settingIn(changed, 'alert_check_interval')).toMatchObject({ value: 120 });
    expect(settingIn(changed, 'cpu_usage_threshold')).toHaveProperty(
      'origin',
      expect.stringMatching(/^set by .+ at /),
    );
    expect(house.ctx.config.thresholds.cpuPercent).toBe(55);
    await waitFor(
      'the other process to follow',
      () => other.ctx.config.alerting.checkIntervalSeconds === 120,
    );
    await other.close();
    expect((await put({ cpu_usage_threshold: 60 }, { 'if-match': String(before.headers.etag) })).status).toBe(
      412,
    );
    const back = await put({ cpu_usage_threshold: null, alert_check_interval: null });
    expect(settingIn(back, 'cpu_usage_threshold')).toMatchObject({ value: 70, source: 'environment' });
    const audit = await house.call('GET', '/api/v1/default/audit?action=monitoring.configured');
    expect(audit.body.data).toHaveLength(2);
    expect(audit.body.data[1]).toMatchObject({
      before: { cpu_usage_threshold: 70, alert_check_interval: 30 },
      after: { cpu_usage_threshold: 55, alert_check_interval: 120 },
    });
  });

  test.each<[string, object, string]>([
    ['a share above 100', { cpu_usage_threshold: 101 }, 'cpu_usage_threshold'],
    ['an interval of zero', { alert_check_interval: 0 }, 'alert_check_interval'],
    ['half a day kept', { metrics_retention_days: 0.5 }, 'metrics_retention_days'],
    ['an unknown setting', { coffee_interval: 5 }, 'coffee_interval'],
  ])('%s is refused by name and changes nothing', async (_what, body, field) => {
    const answer = await put({ ...body, disk_usage_threshold: 50 });
    expect(answer.status).toBe(400);
    expect(answer.body.errors[0].field).toBe(field);
    expect(house.ctx.config.thresholds.diskPercent).toBe(90);
  });

  test('cannot be changed by tenants', async () => {
    expect((await put({ cpu_usage_threshold: 1 }, {}, alice.key)).status).toBe(403);
  });
});

describe('alerts and rules under their operations names', () => {
  test('an alert is acknowledged with a note and resolved with the action taken', async () => {
    const made = await house.call('POST', '/api/operations/alert-rules', {
      body: {
        name: 'Memory at all',
        kind: 'metric',
        config: { metric: 'memory_usage', condition: { operator: '>', threshold: 0, duration: 1 } },
      },
    });
    expect(made).toMatchObject({
      status: 201,
      body: { tenant_id: 'default', trigger: 'Memory usage > 0 % for 1 min' },
    });
    await measure(2);
    await house.app.workOnce(1_000);
    const { body } = await get('/alerts?status=open&type=metric');
    expect(body.data).toHaveLength(1);
    const [alert] = body.data;
    expect(alert.title).toMatch(/^Memory usage is high: watchkeeper@/);
    const act = (verb: string, what: object, token?: string) =>
      house.call('POST', `/api/operations/alerts/${alert.id}/${verb}`, {
        body: what,
        ...(token === undefined ? {} : { token }),
      });
    expect((await act('acknowledge', { note: 'mine' }, alice.key)).status).toBe(404);
    expect((await act('acknowledge', { note: 'mine' })).body.status).toBe('acknowledged');
    const resolved = await act('resolve', {
      ...{ resolution: 'A leak.', actionTaken: 'restarted_service', resolvedBy: 'mike' },
    });
    expect(resolved.body).toMatchObject({
      ...{ status: 'resolved', resolved_reason: 'A leak.', resolution: 'A leak.' },
      action_taken: 'restarted_service',
    });
    expect(resolved.body.resolved_by).not.toBe('mike');
    const audits = (await house.call('GET', '/api/v1/default/audit?action=alert.resolved')).body.data;
    expect(audits[0].after).toMatchObject({
      ...{ reason: 'A leak.', action_taken: 'restarted_service', named_by: 'mike' },
    });
    const signal = await house.call('GET', `/api/v1/default/alerts/${alert.id}/signal`);
    expect(signal.body.signal).toMatchObject({ label: 'Memory usage', unit: '%', limit: 0 });
    expect(signal.body.buckets.some((bucket: { high: number | null }) => bucket.high !== null)).toBe(true);
    const rule = `/api/operations/alert-rules/${made.body.id}`;
    const renamed = await house.call('PUT', rule, {
      body: { name: 'Memory', kind: 'metric', config: made.body.config },
    });
    expect(renamed.body).toMatchObject({ name: 'Memory', version: 2 });
    expect((await house.call('DELETE', rule, { token: alice.key })).status).toBe(404);
    expect((await house.call('DELETE', rule)).status).toBe(204);
  });

  test('the default rules follow the settings', async () => {
    const { body } = await get('/alert-rules?type=host_cpu_high');
    expect(body.data).toMatchObject([{ enabled: true, trigger: 'CPU usage > 70 % for 5 min' }]);
  });
});
