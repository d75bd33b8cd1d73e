import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { tick } from '../../server/src/modules/alerting/detection/tick.ts';
import { type TestApp, testApp } from '../support/app.ts';
import { type TestClock, testClock } from '../support/clock.ts';

// The alert rules of the operations plan, word for word, on every path that makes rules.

const slow = {
  name: 'High Response Time',
  metricType: 'PERFORMANCE',
  metricCategory: 'RESPONSE_TIME',
  condition: { operator: '>', threshold: 1000, duration: 5 },
  severity: 'HIGH',
  channels: ['EMAIL', 'DASHBOARD'],
};
const crowded = {
  metricType: 'SYSTEM',
  metricCategory: 'CONCURRENT_USERS',
  condition: { operator: '>', threshold: 15, duration: 2 },
  severity: 'CRITICAL',
  enabled: true,
  channels: ['EMAIL', 'SLACK'],
  escalationRules: { escalateAfter: 10, escalateToChannels: ['WEBHOOK'] },
};
const answers = {
  slow: {
    name: 'High Response Time',
    kind: 'metric',
    config: {
      metric: null,
      metric_type: 'PERFORMANCE',
      metric_category: 'RESPONSE_TIME',
      condition: { operator: '>', threshold: 1000, duration: 5 },
    },
    metric_type: 'PERFORMANCE',
    metric_category: 'RESPONSE_TIME',
    metric_name: null,
    condition: { operator: '>', threshold: 1000, duration: 5 },
    severity: 'high',
    enabled: true,
    channels: ['EMAIL', 'DASHBOARD'],
    escalation_rules: null,
    trigger: 'Response time > 1000 for 5 min',
  },
  crowded: {
    name: 'Concurrent users > 15 for 2 min',
    metric_type: 'SYSTEM',
    metric_category: 'CONCURRENT_USERS',
    condition: { operator: '>', threshold: 15, duration: 2 },
    severity: 'critical',
    enabled: true,
    channels: ['EMAIL', 'SLACK'],
    escalation_rules: {
      escalate_after: 600,
      escalate_after_minutes: 10,
      escalate_to_channels: ['WEBHOOK'],
    },
  },
};
const inSnakeCase = {
  metric_type: 'system',
  metric_category: 'CONCURRENT_USERS',
  condition: crowded.condition,
  severity: 'Critical',
  enabled: true,
  channels: ['EMAIL', 'SLACK'],
  escalation_rules: { escalate_after: 10, escalate_to_channels: ['WEBHOOK'] },
};

let house: TestApp;
let clock: TestClock;
beforeAll(async () => {
  clock = testClock('2026-03-02T12:00:00Z');
  house = await testApp({ clock });
});
afterAll(() => house.close());

const paths = ['/api/v1/default/rules', '/provider/alerts/rules', '/api/operations/alert-rules'];

describe.each(paths)('%s', (path) => {
  const post = (body: object) => house.call('POST', path, { body });

  test.each([
    ['the first', slow, answers.slow],
    ['the second, without a name', crowded, answers.crowded],
    ['the second in the other spelling', inSnakeCase, answers.crowded],
  ])("accepts %s rule of the plan and answers in the plan's words", async (_which, body, answer) => {
    const made = await post(body);
    expect(made.status, JSON.stringify(made.body)).toBe(201);
    expect(made.body).toMatchObject(answer);
    expect(made.body.warnings.join(' ')).toContain('no channel of the kind EMAIL yet');
    const { data } = (await house.call('GET', `${path}?limit=500`)).body;
    expect(data.find((rule: { id: string }) => rule.id === made.body.id)).toMatchObject(answer);
  });

  test.each(['PUT', 'PATCH'] as const)(
    '%s changes the given fields of a rule and keeps the rest',
    async (method) => {
      const { id } = (await post(crowded)).body;
      const change = async (body: object) => {
        const changed = await house.call(method, `${path}/${id}`, { body });
        expect(changed.status, JSON.stringify(changed.body)).toBe(200);
        return changed.body;
      };
      expect(await change({ enabled: false })).toMatchObject({ ...answers.crowded, enabled: false });
      expect(await change({ severity: 'LOW', condition: { threshold: 20 } })).toMatchObject({
        ...answers.crowded,
        enabled: false,
        severity: 'low',
        condition: { operator: '>', threshold: 20, duration: 2 },
      });
      expect(await change({ escalationRules: { escalateAfter: 30 } })).toMatchObject({
        escalation_rules: { escalate_after: 1800, escalate_to_channels: ['WEBHOOK'] },
      });
      expect(await change({ escalation_rules: { escalate_after: 90 } })).toMatchObject({
        escalation_rules: { escalate_after: 90, escalate_after_minutes: 1.5 },
      });
      expect(await change({ channels: ['slack'] })).toMatchObject({ channels: ['slack'] });
      expect(await change({ channels: null, escalationRules: null })).toMatchObject({
        channels: [],
        escalation_rules: null,
        condition: { threshold: 20 },
      });
      expect(await change(crowded)).toMatchObject(answers.crowded);
      const read = await change({});
      const { escalation_rules, condition, channels, severity } = read;
      expect(await change({ escalation_rules, condition, channels, severity })).toEqual(read);
    },
  );

  test.each([
    ['a rule that watches nothing', { name: 'x' }, 'kind'],
    ['a condition without a measurement', { condition: slow.condition }, 'metric_name'],
    ['an unknown operator', { ...slow, condition: { operator: '=>', threshold: 1 } }, 'condition.operator'],
    ['a condition without a threshold', { ...slow, condition: { operator: '>' } }, 'condition.threshold'],
    ['an unknown type', { ...slow, metricType: 'WEATHER' }, 'metric_type'],
    ['both spellings of one name', { ...slow, metric_type: 'SYSTEM' }, 'metricType'],
    ['an unknown channel', { ...slow, channels: ['EMAIL', 'Boss'] }, 'channels.1'],
    [
      'one escalation with two times',
      { ...slow, escalation_rules: { escalate_after: '5m', escalate_after_minutes: 10 } },
      'escalation_rules.escalate_after_minutes',
    ],
  ])('refuses %s and names the field as it was written', async (_what, body, field) => {
    const refused = await post(body);
    expect(refused.status, JSON.stringify(refused.body)).toBe(400);
    expect(refused.body.errors.map((error: { field: string }) => error.field)).toContain(field);
  });
});

test('the rule of the plan judges the metric of the plan: five slow minutes open an alert', async () => {
  await house.call('POST', '/api/v1/default/rules', { body: { ...slow, type: 'plan_slow' } });
  const metric = {
    metricType: 'PERFORMANCE',
    metricCategory: 'RESPONSE_TIME',
    metricName: 'API Response Time',
    unit: 'ms',
    source: 'api-server',
    endpoint: '/api/users',
  };
  const minutes = async (values: readonly number[]) => {
    for (const value of values) {
      await house.call('POST', '/api/v1/default/metrics', { body: { ...metric, value } });
      await tick(house.ctx, AbortSignal.timeout(120_000));
      clock.advance(60);
    }
    return (await house.call('GET', '/api/v1/default/alerts?type=plan_slow')).body.data;
  };
  expect(await minutes([250, 1500, 1500, 1500])).toEqual([]);
  expect(await minutes([1500, 1500, 1600])).toMatchObject([
    {
      status: 'open',
      severity: 'high',
      title: 'Response time is high: API Response Time of /api/users of api-server',
      why: expect.stringContaining('the limit is 1000 ms'),
    },
  ]);
  expect(await minutes([250])).toMatchObject([{ status: 'resolved' }]);
});
