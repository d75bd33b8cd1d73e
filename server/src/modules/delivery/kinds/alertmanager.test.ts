import { afterEach, beforeEach, expect, it } from 'vitest';
import { resolvedFacts, sampleFacts, sampleMessage } from '../../notifications/alerts/messages.fixture.ts';
import { type Receiver, startReceiver } from '../receiver.fixture.ts';
import { publicUrl, testDeps } from '../senders/senders.fixture.ts';
import { alertmanager } from './alertmanager.ts';

let receiver: Receiver;
beforeEach(async () => {
  receiver = await startReceiver();
});
afterEach(() => receiver[Symbol.asyncDispose]());

const id = sampleFacts().alert_id;

async function send(message = sampleMessage([sampleFacts()])) {
  await using deps = testDeps();
  const config = { url: receiver.url, bearer_token: 'loopback-token', receiver: 'watchkeeper' };
  const outcome = await alertmanager.send(config, message, deps);
  const request = receiver.received.at(-1);
  return { outcome, request, body: JSON.parse(request?.body ?? 'null') };
}

it('posts a group with one firing alert and its labels', async () => {
  const { outcome, request, body } = await send();
  expect(outcome).toMatchObject({ outcome: 'sent' });
  expect(request?.headers.authorization).toBe('Bearer loopback-token');
  const labels = {
    alertname: 'device_offline',
    site: 'dartmouth',
    area: 'Bay 3',
    device: 'bay-3-pc',
    severity: 'critical',
    organization: 'northern-golf',
  };
  expect(body).toEqual({
    version: '4',
    groupKey: `watchkeeper/northern-golf/alert/${id}`,
    truncatedAlerts: 0,
    status: 'firing',
    receiver: 'watchkeeper',
    groupLabels: { organization: 'northern-golf', site: 'dartmouth' },
    commonLabels: labels,
    commonAnnotations: {
      summary: 'Bay 3 PC is offline',
      description: expect.stringContaining('Why: No heartbeat'),
    },
    externalURL: publicUrl,
    notification_reason: 'first notification',
    alerts: [
      {
        status: 'firing',
        labels,
        annotations: { summary: 'Bay 3 PC is offline' },
        startsAt: '2026-11-20T09:15:00.000Z',
        endsAt: '0001-01-01T00:00:00Z',
        generatorURL: `${publicUrl}/alerts/${id}`,
        fingerprint: expect.stringMatching(/^[0-9a-f]{16}$/),
      },
    ],
  });
});

it('ends the same alert of the same group', async () => {
  const before = (await send()).body;
  const { body } = await send(sampleMessage([resolvedFacts()], { tone: 'resolved' }));
  expect(body).toMatchObject({
    groupKey: before.groupKey,
    status: 'resolved',
    alerts: [
      { status: 'resolved', endsAt: '2026-11-20T09:20:30.000Z', fingerprint: before.alerts[0].fingerprint },
    ],
  });
});

it('lists the parts of a subject, the labels that all share, and how many were left out', async () => {
  const message = sampleMessage([sampleFacts()]);
  if (message.event === undefined) throw new Error('A message about one alert has an event.');
  const members = Array.from({ length: 60 }, (_, index) => ({
    title: `Bay ${index}`,
    labels: { type: 'device_offline', site: 'dartmouth', device: `bay-${index}` },
    openedAt: '2026-11-20T09:15:00.000Z',
    resolvedAt: index === 0 ? '2026-11-20T09:16:00.000Z' : null,
    url: `${publicUrl}/alerts/${index}`,
  }));
  const { body } = await send({ ...message, event: { ...message.event, members } });
  expect(body).toMatchObject({ status: 'firing', truncatedAlerts: 10 });
  expect(body.alerts).toHaveLength(50);
  expect(body.alerts.map((alert: { status: string }) => alert.status).slice(0, 2)).toEqual([
    'resolved',
    'firing',
  ]);
  expect(new Set(body.alerts.map((alert: { fingerprint: string }) => alert.fingerprint)).size).toBe(50);
  expect(body.commonLabels).toEqual({
    alertname: 'device_offline',
    site: 'dartmouth',
    severity: 'critical',
    organization: 'northern-golf',
  });
});
