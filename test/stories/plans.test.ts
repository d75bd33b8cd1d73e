import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type TestApp, testApp } from '../support/app.ts';

// The bodies that the plans behind Watchkeeper show, as they stand there.

let house: TestApp;
beforeAll(async () => {
  house = await testApp({ env: { HEARTBEAT_AUTH: 'open', BOOTSTRAP_ORG: 'tenant_456' } });
  const site = { slug: 'store_789', name: 'Store 789', timezone: 'America/Halifax' };
  expect((await house.call('POST', '/api/v1/tenant_456/sites', { body: site })).status).toBe(201);
});
afterAll(() => house.close());

describe('the fleet plan', () => {
  const beat = {
    device_id: 'device_123',
    tenant_id: 'tenant_456',
    store_id: 'store_789',
    status: 'online',
    error_rate_5m: 0.02,
    request_latency_p95: 125,
    sync_lag_sec: 15,
    app_version: '1.0.0',
    memory_usage: 75,
    cpu_usage: 25,
    disk_usage: 45.5,
  };

  test('takes its heartbeat and reads it back, all without a credential in open mode', async () => {
    const taken = await house.call('POST', '/heartbeat', { token: null, body: beat });
    expect(taken).toMatchObject({ status: 202, body: { accepted: true, device_status: 'online' } });
    const status = await house.call('GET', '/heartbeat/device_123/status', { token: null });
    expect(status.body).toMatchObject({ tenant_id: 'tenant_456', store_id: 'store_789', status: 'online' });
    const history = await house.call('GET', '/heartbeat/device_123/history?hours=24', { token: null });
    expect(history.status).toBe(200);
  });

  test.each(['?status=open', '?severity=critical&status=open'])('lists alerts by %s', async (query) => {
    expect((await house.call('GET', `/provider/alerts${query}`)).body).toMatchObject({ data: [] });
  });
});

describe('the operations plan', () => {
  const metrics = [
    {
      metricType: 'PERFORMANCE',
      metricCategory: 'RESPONSE_TIME',
      metricName: 'API Response Time',
      value: 250,
      unit: 'ms',
      source: 'api-server',
      endpoint: '/api/users',
    },
    {
      metricType: 'BUSINESS',
      metricCategory: 'USER_ENGAGEMENT',
      metricName: 'Active Users',
      value: 1250,
      unit: 'count',
      tags: { timeframe: 'daily' },
    },
  ];

  test('takes its metrics, alone and as a list, with and without a source, in both spellings', async () => {
    const send = (body: unknown) => house.call('POST', '/api/v1/tenant_456/metrics', { body });
    for (const body of [...metrics, metrics, { ...metrics[1], metricType: 'business' }])
      expect((await send(body)).body).toMatchObject({ rejected: 0 });
    const snake = { metric_type: 'system', metric_category: 'HOST', metric_name: 'load', value: 1, unit: '' };
    expect((await send(snake)).body).toMatchObject({ accepted: 1 });
    const { data } = (await house.call('GET', '/api/v1/tenant_456/metrics?metric_name=Active%20Users')).body;
    expect(data).toHaveLength(3);
    expect(data[0]).toMatchObject({
      metric_type: 'BUSINESS',
      source: 'unnamed',
      tags: { timeframe: 'daily' },
    });
  });
});
