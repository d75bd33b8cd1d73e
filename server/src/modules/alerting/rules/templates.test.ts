import { expect, test } from 'vitest';
import { ruleKinds } from '../registry.ts';
import { fleetTemplates } from './templates.ts';

const limits = {
  offlineSeconds: 120,
  thresholds: {
    sync_lag_sec: 90,
    cpu_usage: 80,
    memory_usage: 85,
    disk_usage: 90,
    latency_p95: 1000,
    server_errors: 5,
  },
};

test('the seven fleet rules, the one of checks and those of measurements are as the interface promises', () => {
  const rows = fleetTemplates.map((template) => {
    const kind = ruleKinds.get(template.kind);
    const trigger = kind.describe(ruleKinds.parse(kind, template.config), limits);
    return [template.type, trigger, template.severity, template.autoResolve, template.cooldownSeconds / 60];
  });
  expect(rows).toEqual([
    ['device_offline', 'no heartbeat > 2 min', 'high', true, 5],
    ['gate_fail_rate_high', 'gate redemption failures > 10 % in 60 min (at least 10)', 'medium', true, 15],
    ['sync_lag_high', 'sync lag > 1 min 30 s', 'medium', true, 10],
    [
      'reprint_spike',
      'receipt reprints > 3 x median in 1 h (at least 5; median of 7 days)',
      'medium',
      false,
      30,
    ],
    ['refund_spike', 'refunds > 3 x median in 1 h (at least 5; median of 7 days)', 'medium', false, 30],
    [
      'after_hours_sales',
      "sale outside 09:00-22:00 site time (the site's opening hours where set)",
      'low',
      false,
      60,
    ],
    ['webhook_failures', 'webhook delivery failures > 20 % in 30 min (at least 10)', 'medium', true, 15],
    ['check_failure', 'a check is down', 'high', true, 0],
    ['host_cpu_high', 'CPU usage > 80 % for 5 min', 'medium', true, 15],
    ['host_memory_high', 'Memory usage > 85 % for 5 min', 'medium', true, 15],
    ['host_disk_high', 'Disk usage > 90 % for 5 min', 'high', true, 15],
    ['response_time_high', 'Response time (p95) > 1000 ms for 5 min', 'medium', true, 15],
    ['error_rate_high', 'Error rate > 5 % for 5 min', 'high', true, 15],
  ]);
});

test('open limits follow the present environment', () => {
  const offline = fleetTemplates.find((template) => template.type === 'device_offline');
  const kind = ruleKinds.get('absence');
  expect(kind.resolve(offline?.config ?? {}, { offlineSeconds: 2, thresholds: {} })).toEqual({
    limit_seconds: 2,
  });
});
