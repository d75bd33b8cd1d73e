import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { readConfig } from './config.ts';

const repository = path.resolve(import.meta.dirname, '../../..');

/** Promised variables that come later, with the part that needs them. */
const coming = ['REDIS_URL', 'NATS_URL'];
/** The variables that the interface promises: "Configuration by environment" and "First start". */
const promised = `
  PORT HOST PUBLIC_URL DATA_DIR DATABASE_URL REDIS_URL NATS_URL ADMIN_EMAIL ADMIN_PASSWORD BOOTSTRAP_API_KEY BOOTSTRAP_ORG
  HEARTBEAT_AUTH OUTBOUND_ALLOW
  HEALTH_CHECK_INTERVAL METRIC_COLLECTION_INTERVAL ALERT_CHECK_INTERVAL RESPONSE_TIME_THRESHOLD ERROR_RATE_THRESHOLD
  MEMORY_USAGE_THRESHOLD CPU_USAGE_THRESHOLD DISK_USAGE_THRESHOLD METRICS_RETENTION_DAYS ALERTS_RETENTION_DAYS
  LOGS_RETENTION_DAYS HEARTBEAT_RETENTION_DAYS EMAIL_NOTIFICATIONS_ENABLED EMAIL_RECIPIENTS SMTP_URL
  SLACK_NOTIFICATIONS_ENABLED SLACK_WEBHOOK_URL WEBHOOK_NOTIFICATIONS_ENABLED WEBHOOK_URLS API_URL WEB_URL ADMIN_URL
  HEARTBEAT_OFFLINE_SECONDS SYNC_LAG_WARN_SECONDS WORKER_SLEEP_SECONDS WORKER_MAX_RETRIES`
  .trim()
  .split(/\s+/);

test('every promised variable is read, except those listed as coming later', () => {
  const asked = new Set<string>();
  const env = new Proxy<Record<string, string>>(
    {},
    {
      get: (_env, name) => {
        asked.add(String(name));
        return undefined;
      },
    },
  );
  readConfig(env);
  expect(promised.filter((name) => !asked.has(name))).toEqual(coming);
  // Any variable may come from a file.
  expect(promised.filter((name) => !coming.includes(name) && !asked.has(`${name}_FILE`))).toEqual([]);
});

test('every variable that is read is documented', () => {
  const asked = new Set<string>();
  readConfig(
    new Proxy<Record<string, string>>(
      {},
      {
        get: (_env, name) => {
          asked.add(String(name));
          return undefined;
        },
      },
    ),
  );
  const docs = readFileSync(path.join(repository, 'docs/operations.md'), 'utf8');
  expect([...asked].filter((name) => !name.endsWith('_FILE') && !docs.includes(`\`${name}\``))).toEqual([]);
});
