import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type AlertingHouse, alertingHouse, type Given } from '../house.fixture.ts';

let shared: AlertingHouse;
let given: Given;
beforeAll(async () => {
  shared = await alertingHouse();
});
afterAll(() => shared[Symbol.asyncDispose]());
beforeEach(async () => {
  given = await shared.newcomer();
  await given.site('north');
  await given.site('south');
});

const call = async (method: 'POST' | 'PUT', path: string, body: object) => {
  const answer = await given.tenant.call(method, path, { body });
  expect(answer.status, JSON.stringify(answer.body)).toBeLessThan(300);
  return answer.body;
};
const active = () => given.alerts('&status=active&type=probe');
const resolved = () => given.alerts('&status=resolved&type=probe');
const byRuleChange =
  /^The rule no longer watches this: \S.* changed it on 2026-\d\d-\d\d \d\d:\d\d:\d\d UTC\.$/;

interface Case {
  readonly rule: { readonly kind: string; readonly config: object; readonly site?: string };
  /** Makes the rule fire and keep firing. */
  readonly happens: () => Promise<unknown>;
  /** Changes after which the rule still watches the same subject. */
  readonly kept: readonly object[];
  /** Changes after which it watches another subject. */
  readonly narrowed: Readonly<Record<string, object>>;
}

const south = { site: 'south' };
const redeem = { event_type: 'gate.redemption', threshold_percent: 10, window_minutes: 60 };
const failures = () =>
  given.events('north', 'gate.redemption', new Date(given.clock.now() - 60_000), { failures: 50 });
const measure = async (values: readonly number[]) => {
  for (const value of values) {
    await given.pass(60);
    await call('POST', '/metrics', {
      ...{ metric_type: 'PERFORMANCE', metric_category: 'RESPONSE_TIME', metric_name: 'lag', unit: 'ms' },
      ...{ source: 'api', endpoint: '/sales', site: 'north', value },
    });
  }
};
const growth = { operator: '>', threshold: 10 };
const above = { operator: '>', threshold: 10, duration: 0 };
const series = {
  'another source': { config: { source: 'web' } },
  'another endpoint': { config: { endpoint: '/users' } },
  'another metric': { config: { metric: 'heat' } },
  'another type': { config: { metric_type: 'SYSTEM' } },
  'another category': { config: { metric_category: 'QUEUE_TIME' } },
  'another site': south,
};
const sameSeries = [
  { site: 'north' },
  { config: { source: 'api', endpoint: '/sales', metric_type: 'PERFORMANCE' } },
  { config: { metric_category: 'response_time', source: null, endpoint: null } },
];
const silence = async () => {
  const types = (await given.tenant.call('GET', '/device-types')).body.data;
  if (!types.some((type: { slug: string }) => type.slug === 'kiosk'))
    await call('POST', '/device-types', {
      ...{ slug: 'kiosk', name: 'Kiosk', check_interval: '1m', timeout: 2.5, retries: 1 },
      ...{ alert_after_failures: 2, recover_after_successes: 1, check_method: 'http' },
    });
  await given.device('till', 'north');
  await given.beat('till', 'north');
  await given.pass(600);
};
const load = async () => {
  await given.device('till', 'north');
  await given.beat('till', 'north', { cpu_usage: 99 });
};

const cases: Readonly<Record<string, Case>> = {
  absence: {
    rule: { kind: 'absence', config: { limit_seconds: 300 } },
    happens: silence,
    kept: [{ site: 'north' }, { config: { limit_seconds: 200 } }],
    narrowed: { 'another site': south, 'another device type': { device_type: 'kiosk' } },
  },
  threshold: {
    rule: { kind: 'threshold', config: { metric: 'cpu_usage', condition: above } },
    happens: load,
    kept: [{ site: 'north' }, { config: { condition: { ...above, threshold: 20 } } }],
    narrowed: { 'another site': south, 'another metric': { config: { metric: 'memory_usage' } } },
  },
  rate: {
    rule: { kind: 'rate', config: { ...redeem, per: 'site' } },
    happens: failures,
    kept: [{ site: 'north' }, { config: { threshold_percent: 20 } }],
    narrowed: {
      'another site': south,
      'other events': { config: { event_type: 'sale' } },
      'other subjects': { config: { per: 'organization' } },
    },
  },
  'rate per organization': {
    rule: { kind: 'rate', config: { ...redeem, per: 'organization' }, site: 'north' },
    happens: failures,
    kept: [{ site: null }, { site: 'north' }],
    narrowed: { 'another site': south, 'other subjects': { config: { per: 'site' } } },
  },
  spike: {
    rule: {
      kind: 'spike',
      config: { event_type: 'gate.redemption', factor: 3, window_minutes: 60, minimum_baseline_hours: 1 },
    },
    async happens() {
      const at = (hours: number) => new Date(given.clock.now() - hours * 3_600_000);
      for (const hours of [20, 30, 40])
        await given.events('north', 'gate.redemption', at(hours), { failures: 1 });
      await failures();
    },
    kept: [{ site: 'north' }, { config: { factor: 4 } }],
    narrowed: { 'another site': south, 'other events': { config: { event_type: 'sale' } } },
  },
  after_hours: {
    rule: { kind: 'after_hours', config: { event_type: 'gate.redemption', open: '13:30', close: '22:00' } },
    happens: failures,
    kept: [{ site: 'north' }, { config: { close: '21:00' } }],
    narrowed: { 'another site': south, 'other events': { config: { event_type: 'sale' } } },
  },
  check_failure: {
    rule: { kind: 'check_failure', config: { after_seconds: 0 } },
    async happens() {
      const config = { url: 'http://127.0.0.1:8080/' };
      const check = { slug: 'web', name: 'web', kind: 'http', site: 'north', interval: '60s', config };
      const { id } = await call('POST', '/checks', check);
      await given.house.ctx.db.pool.query(
        `update check_state set status = 'down', since = $2, reason = 'x' where check_id = $1`,
        [id, new Date(given.clock.now() - 600_000)],
      );
    },
    kept: [{ site: 'north' }, { config: { after_seconds: 10 } }],
    narrowed: { 'another site': south },
  },
  metric: {
    rule: { kind: 'metric', config: { metric: 'lag', condition: above } },
    happens: () => measure([50]),
    kept: sameSeries,
    narrowed: series,
  },
  'metric by category': {
    rule: { kind: 'metric', config: { metric_category: 'RESPONSE_TIME', condition: above } },
    happens: () => measure([50]),
    kept: sameSeries,
    // The series is the same, but from now on the rule gives it another id.
    narrowed: { ...series, 'its metric named': { config: { metric: 'lag' } } },
  },
  counter_rate: {
    rule: { kind: 'counter_rate', config: { metric: 'lag', condition: growth, window_minutes: 4 } },
    happens: () => measure([0, 100, 200, 300, 400]),
    kept: sameSeries,
    narrowed: series,
  },
  flapping: {
    rule: { kind: 'flapping', config: { watch: 'both', transitions: 4 } },
    async happens() {
      await given.device('till', 'north');
      await given.beat('till', 'north');
      for (let time = 0; time < 2; time += 1) {
        await given.pass(130);
        await given.tick();
        await given.beat('till', 'north');
        await given.work();
      }
    },
    kept: [{ site: 'north' }, { config: { watch: 'devices' } }],
    narrowed: { 'another site': south, 'checks alone': { config: { watch: 'checks' } } },
  },
};

async function opened({ rule, happens }: Case): Promise<string> {
  const made = await call('POST', '/rules', { name: 'Probe', type: 'probe', cooldown: '1h', ...rule });
  await happens();
  await given.tick();
  expect(await active()).toHaveLength(1);
  return made.id;
}

describe.each(Object.entries(cases))('%s', { timeout: 60_000 }, (_name, one) => {
  test('an alert whose subject is still watched stays open after every change of the rule', async () => {
    const id = await opened(one);
    const [alert] = await active();
    for (const change of one.kept) {
      await call('PUT', `/rules/${id}`, change);
      await given.tick();
      expect(await active(), JSON.stringify(change)).toMatchObject([{ id: alert?.id }]);
    }
  });

  test.each(Object.entries(one.narrowed))(
    '%s: open alerts end in one tick, and say who changed the rule',
    async (_change, change) => {
      const id = await opened(one);
      const [alert] = await active();
      await given.pass(60);
      await call('PUT', `/rules/${id}`, change);
      await given.tick();
      const ended = (await resolved()).filter((each) => each.id === alert?.id);
      expect(ended).toMatchObject([
        { resolved_by: 'Watchkeeper', resolved_reason: expect.stringMatching(byRuleChange) },
      ]);
      const { timeline } = (await given.tenant.call('GET', `/alerts/${alert?.id}`)).body;
      expect(timeline.map((step: { kind: string }) => step.kind)).toContain('resolved');
    },
  );
});

test('a rule that gets another kind ends its alert; one that is changed to another subject and back opens it again at once', async () => {
  const one = cases.absence;
  if (one === undefined) throw new Error('no such case');
  const id = await opened(one);
  await call('PUT', `/rules/${id}`, { name: 'Probe', ...one.rule, ...south });
  await given.tick();
  expect(await active()).toEqual([]);
  // There is no cooldown for a subject that the rule watches again, because nothing had recovered.
  await call('PUT', `/rules/${id}`, { name: 'Probe', ...one.rule, site: null });
  await given.tick();
  expect(await active()).toMatchObject([{ device_id: 'till' }]);
  const left = (await active())[0]?.id;
  await given.house.ctx.db.pool.query(
    `update rules set kind = 'external', config = '{"open_max": 5}' where id = $1`,
    [id],
  );
  await given.tick();
  expect((await resolved()).map((alert) => alert.id)).toContain(left);
});

test('another metric that is too high opens an alert at once, despite the cooldown', async () => {
  await given.device('till', 'north');
  await given.beat('till', 'north', { cpu_usage: 99, memory_usage: 98 });
  const one = { kind: 'threshold', config: { metric: 'cpu_usage', condition: above } };
  const { id } = await call('POST', '/rules', { name: 'Probe', type: 'probe', cooldown: '1h', ...one });
  await given.tick();
  expect(await active()).toMatchObject([{ title: 'CPU usage is high on till' }]);
  await call('PUT', `/rules/${id}`, { config: { metric: 'memory_usage' } });
  await given.tick();
  expect(await active()).toMatchObject([{ title: 'Memory usage is high on till' }]);
});

test('a device that moves away from the site of a rule loses its alert', async () => {
  const one = cases.absence;
  if (one === undefined) throw new Error('no such case');
  await opened({ ...one, rule: { ...one.rule, site: 'north' } });
  await call('PUT', '/devices/till', { name: 'till', site: 'south' });
  await given.tick();
  expect(await resolved()).toMatchObject([
    { resolved_reason: 'The rule no longer watches this: it is at another site or of another type now.' },
  ]);
});

test('a posted alert is resolved only by hand, whatever its rule watches', async () => {
  await call('POST', '/alerts', { title: 'Printer on fire', site: 'north' });
  const [rule] = (await given.tenant.call('GET', '/rules?kind=external')).body.data;
  await call('PUT', `/rules/${rule.id}`, south);
  await given.tick();
  expect(await given.alerts('&status=active')).toMatchObject([{ title: 'Printer on fire' }]);
});

test('an import that changes the subject of a rule ends its open alerts', async () => {
  const one = cases.absence;
  if (one === undefined) throw new Error('no such case');
  await opened(one);
  const rules = [{ name: 'Probe', type: 'probe', ...one.rule, site: 'south' }];
  await call('POST', '/apply', { manifest: { rules } });
  await given.tick();
  expect(await resolved()).toMatchObject([{ resolved_reason: expect.stringMatching(byRuleChange) }]);
});
