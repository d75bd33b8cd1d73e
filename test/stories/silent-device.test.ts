import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestApp, testApp } from '../support/app.ts';
import { type HttpReceiver, httpReceiver, type MailReceiver, mailReceiver } from '../support/receivers.ts';
import { waitFor } from '../support/wait-for.ts';

let webhook: HttpReceiver;
let slack: HttpReceiver;
let mail: MailReceiver;
let house: TestApp;
let token: string;

beforeAll(async () => {
  [webhook, slack, mail] = await Promise.all([httpReceiver(), httpReceiver(), mailReceiver()]);
  house = await testApp({
    work: true,
    listen: true,
    env: {
      HEARTBEAT_OFFLINE_SECONDS: '2',
      ALERT_CHECK_INTERVAL: '0.5',
      EMAIL_RECIPIENTS: 'dana@club.example',
      SMTP_URL: mail.url,
      SLACK_WEBHOOK_URL: `${slack.url}/services/T0/B0/x`,
      WEBHOOK_URLS: `${webhook.url}/hook`,
    },
  });
});

afterAll(async () => {
  await house.close();
  await Promise.all([webhook, slack, mail].map((receiver) => receiver[Symbol.asyncDispose]()));
});

const beat = () =>
  house.call('POST', '/heartbeat', {
    token,
    body: {
      device_id: 'bay-4-pc',
      tenant_id: 'default',
      store_id: 'dartmouth',
      status: 'online',
      cpu_usage: 41.5,
    },
  });

const alerts = async (status: string) =>
  (await house.call('GET', `/api/v1/default/alerts?status=${status}`)).body.data;

test('a person is told once on each channel that a device is silent, acknowledges it, and is told once that it is back', async () => {
  expect(
    (
      await house.call('POST', '/api/v1/default/sites', {
        body: { slug: 'dartmouth', name: 'Dartmouth', timezone: 'America/Halifax' },
      })
    ).status,
  ).toBe(201);
  const created = await house.call('POST', '/api/v1/default/devices', {
    body: { slug: 'bay-4-pc', name: 'Bay 4 PC', site: 'dartmouth' },
  });
  expect(created.status).toBe(201);
  token = created.body.token;

  const first = await beat();
  expect(first.status).toBe(202);
  expect(first.body).toMatchObject({ accepted: true, duplicate: false, device_status: 'online' });

  const [alert] = await waitFor('the alert', async () => {
    const open = await alerts('open');
    return open.length > 0 ? open : undefined;
  });
  expect(alert).toMatchObject({ type: 'device_offline', severity: 'high', status: 'open' });
  expect(alert.why).toMatch(/2 s/);
  expect((await house.call('GET', '/heartbeat/bay-4-pc/status')).body.device_status).toBe('offline');

  await waitFor(
    'all three to be told',
    () => webhook.received.length === 1 && slack.received.length === 1 && mail.mails.length === 1,
  );
  expect(mail.mails[0]?.to).toEqual(['dana@club.example']);
  expect(webhook.received[0]?.headers['webhook-signature']).toMatch(/^v1,/);
  expect(JSON.parse(slack.received[0]?.body ?? '{}').blocks.length).toBeGreaterThan(0);

  const acknowledged = await house.call('POST', `/api/v1/default/alerts/${alert.id}/acknowledge`, {
    body: { note: 'on my way' },
  });
  expect(acknowledged.body.status).toBe('acknowledged');

  await beat();
  await waitFor('the alert to resolve', async () => (await alerts('resolved')).length === 1);
  expect((await house.call('GET', '/heartbeat/bay-4-pc/status')).body.device_status).toBe('online');
  await waitFor(
    'all three to hear of the end',
    () => webhook.received.length === 2 && slack.received.length === 2 && mail.mails.length === 2,
  );

  const ids = webhook.received.map((received) => received.headers['webhook-id']);
  expect(new Set(ids).size).toBe(2);

  const timeline = (await house.call('GET', `/api/v1/default/alerts/${alert.id}`)).body.timeline;
  expect(timeline.map((entry: { kind: string }) => entry.kind)).toEqual([
    'opened',
    'acknowledged',
    'resolved',
  ]);
  // A receiver gets a message before the ledger has its answer.
  await waitFor('the ledger to say that all six were sent', async () => {
    const { body } = await house.call('GET', `/api/v1/default/notifications?alert=${alert.id}&limit=100`);
    const sent = body.data.filter(
      (row: { status: string; channel_kind: string }) =>
        row.status === 'sent' && row.channel_kind !== 'console',
    );
    return sent.length === 6;
  });
});
