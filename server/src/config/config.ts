import { isIP } from 'node:net';
import path from 'node:path';
import { emailPattern, groupByPattern, slugPattern } from '@watchkeeper/contracts/patterns';
import { type Env, EnvReader } from './env.ts';
import {
  type MonitoringName,
  type MonitoringSetting,
  monitoringNames,
  monitoringSettings,
} from './monitoring.ts';

export {
  type MonitoringName,
  type MonitoringSetting,
  type MonitoringValues,
  mistakeIn,
  monitoringNames,
  monitoringSettings,
  readSetting,
  withSettings,
} from './monitoring.ts';

export type ProcessRole = 'all' | 'api' | 'worker';

/**
 * All settings, typed and read once. The name of a duration ends in its unit. docs/operations.md lists the variables.
 */
export interface Config {
  readonly http: {
    readonly port: number;
    readonly host: string;
    readonly publicUrl: string;
    readonly rateLimitPerMinute: number;
    /** Networks (CIDR) of proxies whose X-Forwarded-For is trusted. */
    readonly trustedProxies: readonly string[];
  };
  readonly dataDir: string;
  readonly databaseUrl: string | undefined;
  readonly databasePoolMax: number;
  readonly logLevel: string;
  /** `auto`: readable text when standard output is a terminal, else JSON lines. */
  readonly logFormat: 'auto' | 'json' | 'text';
  readonly bootstrap: {
    readonly adminEmail: string | undefined;
    readonly adminPassword: string | undefined;
    readonly apiKey: string | undefined;
    readonly organizationSlug: string;
  };
  readonly heartbeat: {
    readonly auth: 'token' | 'open';
    readonly offlineSeconds: number;
    readonly syncLagWarnSeconds: number;
    readonly retentionDays: number;
  };
  readonly alerting: { readonly checkIntervalSeconds: number; readonly retentionDays: number };
  /** How alerts join incidents in organizations that have set nothing themselves. */
  readonly incidents: {
    readonly groupBy: string;
    readonly groupWaitSeconds: number;
    readonly groupWindowSeconds: number;
    readonly reopenWindowSeconds: number;
    readonly holdDownSeconds: number;
    readonly flappingChanges: number;
    readonly flappingWithinSeconds: number;
  };
  readonly metrics: { readonly retentionDays: number; readonly collectionIntervalSeconds: number };
  readonly checks: {
    readonly resultsRetentionDays: number;
    /** Limit per check and process. 0: no limit. */
    readonly pingsPerMinute: number;
  };
  readonly logsRetentionDays: number;
  readonly healthCheckIntervalSeconds: number;
  readonly thresholds: {
    readonly responseTimeMs: number;
    readonly errorRatePercent: number;
    readonly memoryPercent: number;
    readonly cpuPercent: number;
    readonly diskPercent: number;
  };
  readonly worker: {
    readonly sleepSeconds: number;
    /** undefined: each part of the server uses its own default. */
    readonly maxRetries: number | undefined;
  };
  readonly outboundAllow: readonly string[];
  /** The operator's own services. Each becomes a check. */
  readonly services: {
    readonly apiUrl: string | undefined;
    readonly webUrl: string | undefined;
    readonly adminUrl: string | undefined;
  };
  readonly email: {
    readonly enabled: boolean;
    readonly recipients: readonly string[];
    readonly smtpUrl: string | undefined;
    readonly from: string;
  };
  readonly slack: { readonly enabled: boolean; readonly webhookUrl: string | undefined };
  readonly webhooks: { readonly enabled: boolean; readonly urls: readonly string[] };
  /** Called every minute while detection, grouping and delivery work; may hold a secret. */
  readonly deadMansSwitchUrl: string | undefined;
  /** Monitoring settings that the environment sets. All others have their defaults. */
  readonly given: ReadonlySet<MonitoringName>;
  /** A secret for cookies and encryption. Generated in DATA_DIR when not given. */
  readonly secretKey: string | undefined;
}

/** @throws ConfigError that lists all mistakes. */
export function readConfig(env: Env): Config {
  const read = new EnvReader(env);
  const live = (name: MonitoringName) => {
    const {
      env: variable,
      fallback,
      min,
      max,
      integer = false,
    }: MonitoringSetting = monitoringSettings[name];
    return read.number(variable, fallback, { min, max, integer });
  };
  const port = read.number('PORT', 4000, { min: 0, max: 65_535, integer: true });
  const email = read.flag('EMAIL_NOTIFICATIONS_ENABLED', read.list('EMAIL_RECIPIENTS').length > 0);
  const slackUrl = read.url('SLACK_WEBHOOK_URL', ['http:', 'https:']);
  const webhookUrls = read.list('WEBHOOK_URLS');
  const config: Config = {
    http: {
      port,
      host: read.text('HOST') ?? '0.0.0.0',
      publicUrl: (read.url('PUBLIC_URL', ['http:', 'https:']) ?? `http://localhost:${port}`).replace(
        /\/+$/,
        '',
      ),
      rateLimitPerMinute: read.number('RATE_LIMIT_PER_MINUTE', 3000, {
        min: 10,
        max: 10_000_000,
        integer: true,
      }),
      trustedProxies: read.list('TRUSTED_PROXIES').map(toCidr),
    },
    dataDir: path.resolve(read.text('DATA_DIR') ?? './data'),
    databaseUrl: read.url('DATABASE_URL', ['postgres:', 'postgresql:']),
    databasePoolMax: read.number('DATABASE_POOL_MAX', 16, { min: 4, max: 200, integer: true }),
    logLevel: read.choice('LOG_LEVEL', 'info', [
      'trace',
      'debug',
      'info',
      'warn',
      'error',
      'fatal',
      'silent',
    ]),
    logFormat: read.choice('LOG_FORMAT', 'auto', ['auto', 'json', 'text']),
    bootstrap: {
      adminEmail: read.text('ADMIN_EMAIL'),
      adminPassword: read.secret('ADMIN_PASSWORD', 8),
      apiKey: read.secret('BOOTSTRAP_API_KEY', 32),
      organizationSlug: read.text('BOOTSTRAP_ORG') ?? 'default',
    },
    heartbeat: {
      auth: read.choice('HEARTBEAT_AUTH', 'token', ['token', 'open']),
      offlineSeconds: live('heartbeat_offline_seconds'),
      syncLagWarnSeconds: live('sync_lag_warn_seconds'),
      retentionDays: live('heartbeat_retention_days'),
    },
    alerting: {
      checkIntervalSeconds: live('alert_check_interval'),
      retentionDays: live('alerts_retention_days'),
    },
    incidents: {
      groupBy: read.text('INCIDENT_GROUP_BY') ?? 'site',
      groupWaitSeconds: read.number('INCIDENT_GROUP_WAIT', 3, { min: 0, max: 3_600 }),
      groupWindowSeconds: read.number('INCIDENT_GROUP_WINDOW', 300, { min: 0, max: 86_400 }),
      reopenWindowSeconds: read.number('INCIDENT_REOPEN_WINDOW', 900, { min: 0, max: 604_800 }),
      holdDownSeconds: read.number('INCIDENT_HOLD_DOWN', 120, { min: 0, max: 3_600 }),
      flappingChanges: read.number('INCIDENT_FLAPPING_CHANGES', 3, { min: 2, max: 100, integer: true }),
      flappingWithinSeconds: read.number('INCIDENT_FLAPPING_WITHIN', 3_600, { min: 1, max: 86_400 }),
    },
    metrics: {
      retentionDays: live('metrics_retention_days'),
      collectionIntervalSeconds: live('metric_collection_interval'),
    },
    checks: {
      resultsRetentionDays: live('check_results_retention_days'),
      pingsPerMinute: read.number('PING_RATE_LIMIT_PER_MINUTE', 60, {
        min: 0,
        max: 1_000_000,
        integer: true,
      }),
    },
    logsRetentionDays: read.number('LOGS_RETENTION_DAYS', 7, { min: 1, max: 3650, integer: true }),
    healthCheckIntervalSeconds: live('health_check_interval'),
    thresholds: {
      responseTimeMs: live('response_time_threshold'),
      errorRatePercent: live('error_rate_threshold'),
      memoryPercent: live('memory_usage_threshold'),
      cpuPercent: live('cpu_usage_threshold'),
      diskPercent: live('disk_usage_threshold'),
    },
    worker: {
      sleepSeconds: read.number('WORKER_SLEEP_SECONDS', 120, { min: 0.5, max: 3600 }),
      maxRetries: read.optionalNumber('WORKER_MAX_RETRIES', { min: 0, max: 100, integer: true }),
    },
    outboundAllow: read.list('OUTBOUND_ALLOW'),
    services: {
      apiUrl: read.url('API_URL', ['http:', 'https:']),
      webUrl: read.url('WEB_URL', ['http:', 'https:']),
      adminUrl: read.url('ADMIN_URL', ['http:', 'https:']),
    },
    email: {
      enabled: email,
      recipients: read.list('EMAIL_RECIPIENTS'),
      smtpUrl: read.url('SMTP_URL', ['smtp:', 'smtps:']),
      from: read.text('EMAIL_FROM') ?? 'Watchkeeper <watchkeeper@localhost>',
    },
    slack: {
      enabled: read.flag('SLACK_NOTIFICATIONS_ENABLED', slackUrl !== undefined),
      webhookUrl: slackUrl,
    },
    webhooks: {
      enabled: read.flag('WEBHOOK_NOTIFICATIONS_ENABLED', webhookUrls.length > 0),
      urls: webhookUrls,
    },
    deadMansSwitchUrl: read.url('DEAD_MANS_SWITCH_URL', ['http:', 'https:']),
    given: new Set(monitoringNames.filter((name) => read.text(monitoringSettings[name].env) !== undefined)),
    secretKey: read.secret('SECRET_KEY', 32),
  };
  checkTogether(config, read.mistakes);
  if (read.mistakes.length > 0) throw new ConfigError(read.mistakes);
  return config;
}

/** Rules that need several variables, or more than a type. */
function checkTogether(config: Config, mistakes: string[]): void {
  const { adminEmail, adminPassword, organizationSlug } = config.bootstrap;
  if ((adminEmail === undefined) !== (adminPassword === undefined)) {
    mistakes.push('ADMIN_EMAIL and ADMIN_PASSWORD go together: set both or neither.');
  }
  if (adminEmail !== undefined && !new RegExp(emailPattern).test(adminEmail))
    mistakes.push(`ADMIN_EMAIL is "${adminEmail}": it must be a full address such as you@example.com.`);
  if (!new RegExp(slugPattern).test(organizationSlug)) {
    mistakes.push(
      `BOOTSTRAP_ORG is "${organizationSlug}": use lower-case letters, digits, hyphens and underscores.`,
    );
  }
  for (const recipient of config.email.recipients) {
    if (!isEmail(recipient))
      mistakes.push(`EMAIL_RECIPIENTS holds "${recipient}", which is not an e-mail address.`);
  }
  if (config.email.enabled && config.email.recipients.length > 0 && config.email.smtpUrl === undefined) {
    mistakes.push('EMAIL_RECIPIENTS needs SMTP_URL, e.g. smtp://user:password@mail.example.com:587.');
  }
  if (config.slack.enabled && config.slack.webhookUrl === undefined) {
    mistakes.push('SLACK_NOTIFICATIONS_ENABLED needs SLACK_WEBHOOK_URL.');
  }
  for (const url of config.webhooks.urls) {
    if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol))
      mistakes.push(`WEBHOOK_URLS holds "${url}", which is not an http(s) URL.`);
  }
  if (!new RegExp(groupByPattern).test(config.incidents.groupBy))
    mistakes.push(
      `INCIDENT_GROUP_BY is "${config.incidents.groupBy}": use site, area, dependency, rule_type, none or label:<name>.`,
    );
  for (const cidr of config.outboundAllow) {
    if (!isCidr(cidr))
      mistakes.push(`OUTBOUND_ALLOW holds "${cidr}": use CIDR notation such as 10.20.0.0/16.`);
  }
  for (const cidr of config.http.trustedProxies) {
    if (!isCidr(cidr) || cidr.endsWith('/0'))
      mistakes.push(
        `TRUSTED_PROXIES holds "${cidr}": name your proxies, as an address or in CIDR notation such as 10.20.0.0/16.`,
      );
  }
}

/** A single address becomes a network of its own. */
function toCidr(text: string): string {
  const family = isIP(text);
  return family === 0 ? text : `${text}/${family === 4 ? 32 : 128}`;
}

function isCidr(text: string): boolean {
  const [, address, bits] = /^([^/]+)\/(\d{1,3})$/.exec(text) ?? [];
  const family = isIP(address ?? '');
  return family !== 0 && Number(bits) <= (family === 4 ? 32 : 128);
}

export function isEmail(text: string): boolean {
  return /^[^\s@<>",]+@[^\s@<>",]+$/.test(text) && text.length <= 254;
}

export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly mistakes: readonly string[];
  constructor(mistakes: readonly string[]) {
    super(
      `The configuration has ${mistakes.length === 1 ? 'a mistake' : `${mistakes.length} mistakes`}:\n${mistakes.map((line) => `  - ${line}`).join('\n')}`,
    );
    this.mistakes = mistakes;
  }
}
