import { afterAll, beforeAll, expect, test } from 'vitest';
import { readWatch } from '#platform/watch';
import { readWatchGaps } from '#platform/watch-gaps';
import { type TestApp, testApp } from '../support/app.ts';
import { type HttpReceiver, httpReceiver } from '../support/receivers.ts';
import { waitFor } from '../support/wait-for.ts';

let webhook: HttpReceiver;
let api: TestApp;
let token: string;
/** A pass takes seconds on a busy machine. The device must not fall silent again during it. */
const limitSeconds = 12;
const env = { HEARTBEAT_OFFLINE_SECONDS: String(limitSeconds), ALERT_CHECK_INTERVAL: '0.5' };

beforeAll(async () => {
  webhook = await httpReceiver();
  api = await testApp({ role: 'api', work: true, env: { ...env, WEBHOOK_URLS: `${webhook.url}/hook` } });
  await api.call('POST', '/api/v1/default/sites', {
    body: { slug: 'north', name: 'North', timezone: 'UTC' },
  });
  const device = await api.call('POST', '/api/v1/default/devices', {
    body: { slug: 'bay-1', site: 'north' },
  });
  token = device.body.token;
});
afterAll(async () => {
  await api.close();
  await webhook[Symbol.asyncDispose]();
});

const beat = async () => {
  const body = { device_id: 'bay-1', tenant_id: 'default', store_id: 'north', status: 'online' };
  expect((await api.call('POST', '/heartbeat', { token, body })).status).toBe(202);
};
const told = () => webhook.received.map(({ body }) => JSON.parse(body).type);
/** `watchkeeper work --once` from a shell that knows no channel. */
async function pass(): Promise<void> {
  await using worker = await testApp({ database: api.database, role: 'worker', onePass: true, env });
  await worker.app.workOnce(1_000);
}

test('an API process with passes from cron, which know fewer variables, tells of a silent device and of its return', async () => {
  await beat();
  await pass();
  await waitFor('the silence to be told', async () => {
    await pass();
    return told().length > 0;
  });
  expect(told()).toEqual(['incident.opened']);
  await beat();
  await pass();
  expect(told()).toEqual(['incident.opened', 'incident.resolved']);
  const channels = await api.call('GET', '/api/v1/default/channels');
  expect(channels.body.data).toMatchObject([{ enabled: true, managed_by: 'environment' }]);
});

/** Real time passes while the API process keeps watch: a test's clock cannot reach both processes. */
const silentFor = (ms: number) => {
  const began = performance.now();
  return waitFor(`${ms} ms of silence`, () => (performance.now() - began > ms ? true : undefined));
};

const resolved = async () => (await api.call('GET', '/api/v1/default/alerts?status=resolved')).body.data;

/** Silent for the limit plus the two checks (0.5 s each) that a running server would have made; then back. */
async function silence(): Promise<void> {
  await silentFor((limitSeconds + 1.5) * 1_000);
  await beat();
  await beat();
  await pass();
}

/** Whether the API process watched without a gap since then: a busy machine may have delayed it. */
async function hasWatchedSince(from: Date): Promise<boolean> {
  const to = new Date();
  const { db } = api.database;
  await waitFor('a beat of the watch', async () => {
    const { lastBeatAt } = await db.system((tx) => readWatch(tx, new Date()));
    return lastBeatAt > to;
  });
  return (await db.system((tx) => readWatchGaps(tx, from, to))).length === 0;
}

test('a silence that began and ended between two passes is in the history, with its times, and notifies nobody', async () => {
  let [before, known] = [0, 0];
  await waitFor('a silence that was watched from end to end', async () => {
    await beat();
    await pass();
    [before, known] = [told().length, (await resolved()).length];
    const from = new Date();
    await silence();
    return await hasWatchedSince(from);
  });
  const data = await resolved();
  const [alert] = data;
  expect(data).toHaveLength(known + 1);
  expect(alert.details).toMatchObject({
    happened_at: expect.any(String),
    happened_until: expect.any(String),
  });
  const { happened_at: from, happened_until: to } = alert.details;
  expect(Date.parse(to) - Date.parse(from)).toBeGreaterThan(1_000);
  expect(told()).toHaveLength(before);
  const ledger = (await api.call('GET', `/api/v1/default/notifications?alert=${alert.id}`)).body.data;
  expect(ledger.map((row: { reason: string }) => row.reason)).toContain(
    'It recovered before anyone was told.',
  );
});
