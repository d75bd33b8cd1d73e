import { afterAll, beforeAll, expect, test } from 'vitest';
import { collectProcess } from '#modules/operations';
import { type TestApp, testApp } from '../support/app.ts';
import { type TestClock, testClock } from '../support/clock.ts';
import { type HttpReceiver, httpReceiver } from '../support/receivers.ts';
import { waitFor } from '../support/wait-for.ts';

/** Watchkeeper watches its own host and a shop's server while its settings change. Two processes, one moved clock. */

let clock: TestClock;
let webhook: HttpReceiver;
let house: TestApp;
let second: TestApp;

beforeAll(async () => {
  clock = testClock('2026-03-02T12:00:00Z');
  webhook = await httpReceiver();
  // The CPU of a machine is never above this.
  const env = { WEBHOOK_URLS: `${webhook.url}/hook`, CPU_USAGE_THRESHOLD: '100' };
  house = await testApp({ clock, env });
  second = await testApp({ clock, env, database: house.database });
  await work();
});

afterAll(async () => {
  await second.close();
  await house.close();
  await webhook[Symbol.asyncDispose]();
});

async function work(): Promise<void> {
  for (let round = 0; round < 3; round += 1)
    await Promise.all([house.app.workOnce(200), second.app.workOnce(200)]);
}

const busyMs = 40;

/** Minutes pass: the host is busy, and is measured. */
async function pass(minutes: number, also: () => Promise<unknown> = async () => undefined): Promise<void> {
  for (let minute = 0; minute < minutes; minute += 1) {
    clock.advance(60);
    for (const end = performance.now() + busyMs; performance.now() < end; );
    await collectProcess(house.ctx);
    await also();
    await work();
  }
}

async function configure(change: object): Promise<void> {
  const answer = await second.call('PUT', '/api/operations/config', { body: change });
  expect(answer.status, JSON.stringify(answer.body)).toBe(200);
}

const alertsOf = async (type: string) =>
  (await house.call('GET', `/api/operations/alerts?type=${type}`)).body.data;
const told = (type: string) => webhook.received.filter(({ body }) => body.includes(`"${type}"`)).length;

test("a limit below the host's usage opens an alert, and removing the limit ends it, without a restart", async () => {
  await pass(7);
  expect(await alertsOf('host_cpu_high')).toEqual([]);
  await configure({ cpu_usage_threshold: 0.5 });
  await waitFor('the other process to follow', () => house.ctx.config.thresholds.cpuPercent === 0.5);
  await pass(2);
  const [alert, ...others] = await alertsOf('host_cpu_high');
  expect(others).toEqual([]);
  expect(alert).toMatchObject({ status: 'open', severity: 'medium' });
  expect(alert.title).toMatch(/^CPU usage is high: watchkeeper@/);
  expect(alert.why).toMatch(/^CPU usage is .+ % for \d+ min; the limit is 0\.5 %\.$/);
  await waitFor('somebody to be told', async () => {
    await work();
    return told('host_cpu_high') === 1;
  });
  const status = await house.call('GET', '/api/operations/system/status');
  expect(status.body.services.find((one: { service: string }) => one.service === 'hosts')).toMatchObject({
    status: 'warn',
    output: expect.stringMatching(/^CPU of .+ is at \d+ % \(limit 0\.5 %\)\.$/),
  });

  await configure({ cpu_usage_threshold: null });
  await waitFor('the other process to follow', () => house.ctx.config.thresholds.cpuPercent === 100);
  await pass(1);
  expect(await alertsOf('host_cpu_high')).toMatchObject([
    {
      id: alert.id,
      status: 'resolved',
      resolved_reason: expect.stringMatching(/the rule asks for more than 100 %/),
    },
  ]);
  await waitFor('the end to be told', async () => {
    await work();
    return told('host_cpu_high') === 2;
  });
});

test("a shop's failing requests open an alert after five minutes of it, and their end resolves it", async () => {
  const minute = (errors: number) => () =>
    house.call('POST', '/api/v1/default/metrics', {
      body: (
        [
          ['requests', 120],
          ['server_errors', errors],
          ['latency_p95', 80],
        ] as const
      ).map(([metric_name, value]) => ({
        ...{ metric_type: 'PERFORMANCE', metric_category: 'http', unit: '%', source: 'shop-api' },
        ...{ metric_name, value, endpoint: 'POST /orders' },
      })),
    });
  await pass(2, minute(0));
  await pass(4, minute(40));
  expect(await alertsOf('error_rate_high')).toEqual([]);
  await pass(3, minute(40));
  expect(await alertsOf('error_rate_high')).toMatchObject([
    { status: 'open', title: 'Error rate is high: POST /orders of shop-api' },
  ]);
  // Missing data is no recovery.
  await pass(3);
  expect(await alertsOf('error_rate_high')).toMatchObject([{ status: 'open' }]);
  await pass(1, minute(0));
  expect(await alertsOf('error_rate_high')).toMatchObject([{ status: 'resolved' }]);
  expect(await alertsOf('response_time_high')).toEqual([]);
});

test('the sweep of the rules follows its new interval in both processes', async () => {
  const sweptAt = async () => {
    const { body } = await house.call('GET', '/api/operations/infrastructure/metrics');
    return body.installation.periodic.find((one: { name: string }) => one.name === 'alerting.tick')
      .finished_at;
  };
  await work();
  await configure({ alert_check_interval: '1h' });
  await waitFor(
    'the other process to follow',
    () => house.ctx.config.alerting.checkIntervalSeconds === 3_600,
  );
  clock.advance(31);
  await work();
  const last = await sweptAt();
  clock.advance(600);
  await work();
  expect(await sweptAt()).toBe(last);
  await configure({ alert_check_interval: null });
  await waitFor('the other process to follow', () => house.ctx.config.alerting.checkIntervalSeconds === 30);
  await work();
  expect(await sweptAt()).toBe(new Date(clock.now()).toISOString());
});
