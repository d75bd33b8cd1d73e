import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { readConfig } from './config.ts';

const src = path.resolve(import.meta.dirname, '..');
const repository = path.resolve(src, '../..');
const read = (file: string) => readFileSync(path.join(src, file), 'utf8');

/** What could read a setting: everything but the config itself and tests. */
const sources = globSync('**/*.ts', { cwd: src })
  .filter((file) => !file.startsWith('config/') && !/\.(test|fixture)\.ts$/.test(file))
  .map(read);

/** `section.field`, or `field` where it has no section. */
function settingsOf(config: object): string[] {
  return Object.entries(config).flatMap(([name, value]) =>
    typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Set)
      ? Object.keys(value).map((field) => `${name}.${field}`)
      : [name],
  );
}

/** Whether a text reads the setting off its owner, by a dot or by taking it apart. */
function readsIn(text: string, setting: string): boolean {
  const [owner = '', field = ''] = setting.includes('.')
    ? setting.split('.')
    : ['(?:config|settings\\.base)', setting];
  const dotted = new RegExp(`\\b${owner}\\b(?:\\))?[?!]?\\.${field}\\b`);
  const apart = new RegExp(`\\{[^{}=]*\\b${field}\\b[^{}=]*\\}\\s*(?:=|:)[^;\\n]*\\b${owner}\\b`);
  return dotted.test(text) || apart.test(text);
}

const unread = (texts: readonly string[]) =>
  settingsOf(readConfig({})).filter((setting) => !texts.some((text) => readsIn(text, setting)));

test('every setting has a reader in the code', () => {
  expect(unread(sources)).toEqual([]);
});

test('the search finds a setting that nobody reads', () => {
  expect(settingsOf(readConfig({})).length).toBeGreaterThan(35);
  expect(unread(['const { other } = config; config.http.portal; worker.sleeping'])).toEqual(
    settingsOf(readConfig({})),
  );
  expect(readsIn('const { sleepSeconds } = ctx.config.worker;', 'worker.sleepSeconds')).toBe(true);
  expect(readsIn('call(ctx.config.worker.sleepSeconds)', 'worker.sleepSeconds')).toBe(true);
  expect(readsIn('config.worker.sleepSecondsMax', 'worker.sleepSeconds')).toBe(false);
  expect(readsIn('config.email.enabled', 'slack.enabled')).toBe(false);
});

/** What is promised and comes with the part of the house that needs it. */
const coming = ['REDIS_URL', 'NATS_URL'];
/** As the interface promises them: "Configuration by environment" and "First start". */
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

test('every variable that is promised is read, except those that are listed as coming', () => {
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
  // Any of them may come from a file.
  expect(promised.filter((name) => !coming.includes(name) && !asked.has(`${name}_FILE`))).toEqual([]);
});

test('every variable that is read is explained', () => {
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
