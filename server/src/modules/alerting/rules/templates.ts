import type { RuleTemplate as DescribedTemplate, Severity } from '@watchkeeper/contracts';
import type { EnvironmentLimits } from '../judgement.ts';
import { ruleKinds } from '../registry.ts';

/** A rule that every organization starts with. It can be edited like any other. `type` names its alerts. */
export interface RuleTemplate {
  readonly type: string;
  readonly name: string;
  readonly kind: string;
  readonly config: object;
  readonly severity: Severity;
  readonly autoResolve: boolean;
  readonly cooldownSeconds: number;
}

const minute = 60;
const perSite = { per: 'site' } as const;

function failureShare(eventType: string, thresholdPercent: number, windowMinutes: number): object {
  return {
    event_type: eventType,
    outcome: 'failure',
    operator: '>',
    threshold_percent: thresholdPercent,
    window_minutes: windowMinutes,
    minimum_samples: 10,
    ...perSite,
  };
}

function timesMedian(eventType: string): object {
  return {
    event_type: eventType,
    outcome: 'any',
    factor: 3,
    window_minutes: 60,
    baseline_days: 7,
    minimum_baseline_hours: 3,
    minimum_samples: 5,
    ...perSite,
  };
}

function measured(metric: string): object {
  return { metric, condition: { operator: '>', threshold: null, duration: 5 }, minimum_points: 3 };
}

/**
 * The seven rules of the fleet, the rule for failing checks, and those for measurements of hosts and requests. A limit
 * that is null follows the environment, also after the environment changes.
 */
export const fleetTemplates: readonly RuleTemplate[] = [
  {
    type: 'device_offline',
    name: 'Device offline',
    kind: 'absence',
    config: { limit_seconds: null },
    severity: 'high',
    autoResolve: true,
    cooldownSeconds: 5 * minute,
  },
  {
    type: 'gate_fail_rate_high',
    name: 'Gate failure rate',
    kind: 'rate',
    config: failureShare('gate.redemption', 10, 60),
    severity: 'medium',
    autoResolve: true,
    cooldownSeconds: 15 * minute,
  },
  {
    type: 'sync_lag_high',
    name: 'Sync lag',
    kind: 'threshold',
    config: { metric: 'sync_lag_sec', condition: { operator: '>', threshold: null, duration: 0 } },
    severity: 'medium',
    autoResolve: true,
    cooldownSeconds: 10 * minute,
  },
  {
    type: 'reprint_spike',
    name: 'Receipt reprints',
    kind: 'spike',
    config: timesMedian('receipt.reprint'),
    severity: 'medium',
    autoResolve: false,
    cooldownSeconds: 30 * minute,
  },
  {
    type: 'refund_spike',
    name: 'Refunds',
    kind: 'spike',
    config: timesMedian('refund'),
    severity: 'medium',
    autoResolve: false,
    cooldownSeconds: 30 * minute,
  },
  {
    type: 'after_hours_sales',
    name: 'Sales after hours',
    kind: 'after_hours',
    config: {
      event_type: 'sale',
      open: '09:00',
      close: '22:00',
      use_site_hours: true,
      lookback_minutes: 60,
      minimum_samples: 1,
    },
    severity: 'low',
    autoResolve: false,
    cooldownSeconds: 60 * minute,
  },
  {
    type: 'webhook_failures',
    name: 'Webhook failures',
    kind: 'rate',
    config: failureShare('webhook.delivery', 20, 30),
    severity: 'medium',
    autoResolve: true,
    cooldownSeconds: 15 * minute,
  },
  {
    type: 'check_failure',
    name: 'Check failure',
    kind: 'check_failure',
    config: { after_seconds: 0 },
    severity: 'high',
    autoResolve: true,
    // The check itself waits for several failures or successes, so it does not flap.
    cooldownSeconds: 0,
  },
  {
    type: 'host_cpu_high',
    name: 'Host CPU',
    kind: 'metric',
    config: measured('cpu_usage'),
    severity: 'medium',
    autoResolve: true,
    cooldownSeconds: 15 * minute,
  },
  {
    type: 'host_memory_high',
    name: 'Host memory',
    kind: 'metric',
    config: measured('memory_usage'),
    severity: 'medium',
    autoResolve: true,
    cooldownSeconds: 15 * minute,
  },
  {
    type: 'host_disk_high',
    name: 'Host disk',
    kind: 'metric',
    config: measured('disk_usage'),
    severity: 'high',
    autoResolve: true,
    cooldownSeconds: 15 * minute,
  },
  {
    type: 'response_time_high',
    name: 'Response time',
    kind: 'metric',
    config: measured('latency_p95'),
    severity: 'medium',
    autoResolve: true,
    cooldownSeconds: 15 * minute,
  },
  {
    type: 'error_rate_high',
    name: 'Error rate',
    kind: 'metric',
    config: measured('server_errors'),
    severity: 'high',
    autoResolve: true,
    cooldownSeconds: 15 * minute,
  },
];

/** Created when the first alert is posted, because most organizations never need it. */
export const externalTemplate: RuleTemplate = {
  type: 'external',
  name: 'Alerts by hand',
  kind: 'external',
  config: {},
  severity: 'medium',
  autoResolve: false,
  cooldownSeconds: 0,
};

/** For forms: each template with its defaults filled in. */
export function describeTemplates(limits: EnvironmentLimits): DescribedTemplate[] {
  return [...fleetTemplates, externalTemplate].map((template) => {
    const kind = ruleKinds.get(template.kind);
    const config = ruleKinds.parse(kind, template.config);
    return {
      type: template.type,
      name: template.name,
      kind: template.kind,
      config: { ...config },
      severity: template.severity,
      auto_resolve: template.autoResolve,
      cooldown: template.cooldownSeconds,
      trigger: kind.describe(config, limits),
    };
  });
}
