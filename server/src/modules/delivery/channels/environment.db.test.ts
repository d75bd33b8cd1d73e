import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type TestApp, testApp } from '../../../../../test/support/app.ts';
import { type TestDatabase, testDatabase } from '../../../../../test/support/database.ts';
import { ledgerOf } from '../../notifications/incidents/ledger.fixture.ts';
import { startMailServer } from '../mail-server.fixture.ts';
import { isSignedWith, type Receiver, startReceiver } from '../receiver.fixture.ts';
import { ensureEnvironmentChannels, syncEnvironmentChannels } from './environment.ts';

let database: TestDatabase;
let receiver: Receiver;
beforeEach(async () => {
  database = await testDatabase();
  receiver = await startReceiver();
});
afterEach(async () => {
  await receiver[Symbol.asyncDispose]();
  await database.close();
});

/** One start of the server with these variables. */
const start = (env: Record<string, string>) => testApp({ database, env });
const mailEnv = { EMAIL_RECIPIENTS: 'ops@x.test,night@x.test', SMTP_URL: 'smtp://127.0.0.1:2525' };

interface Listed {
  id: string;
  kind: string;
  name: string;
  enabled: boolean;
  managed_by: string | null;
  config: Record<string, unknown>;
}

async function channelsOf(house: TestApp): Promise<Listed[]> {
  const { data } = (await house.call('GET', '/api/v1/default/channels')).body;
  const sortKey = (row: Listed) => `${row.name} ${String(row.config.url)}`;
  return data.toSorted((a: Listed, b: Listed) => sortKey(a).localeCompare(sortKey(b)));
}

it('makes a channel for each variable, and shows none of their secrets', async () => {
  await using house = await start({
    ...mailEnv,
    SLACK_WEBHOOK_URL: `${receiver.url}/T0/B0/s`,
    WEBHOOK_URLS: `${receiver.url}/a,${receiver.url}/b`,
  });
  const host = new URL(receiver.url).host;
  expect(
    (await channelsOf(house)).map((row) => [row.kind, row.name, row.enabled, row.managed_by, row.config]),
  ).toEqual([
    ['email', 'E-mail (environment)', true, 'environment', { to: ['ops@x.test', 'night@x.test'] }],
    ['slack', 'Slack (environment)', true, 'environment', { webhook_url: '***' }],
    [
      'webhook',
      `Webhook ${host} (environment)`,
      true,
      'environment',
      { url: `${receiver.url}/a`, secret: '***' },
    ],
    [
      'webhook',
      `Webhook ${host} (environment)`,
      true,
      'environment',
      { url: `${receiver.url}/b`, secret: '***' },
    ],
  ]);
});

it('changes nothing at the next start, and makes nothing twice when two processes start at once', async () => {
  const env = { ...mailEnv, WEBHOOK_URLS: receiver.url };
  await using first = await start(env);
  const before = await channelsOf(first);
  await using second = await start(env);
  await Promise.all([ensureEnvironmentChannels(first.ctx), ensureEnvironmentChannels(second.ctx)]);
  expect(await channelsOf(second)).toEqual(before);
  const audit = await second.call('GET', '/api/v1/default/audit?action=channel.updated');
  expect(audit.body.data).toEqual([]);
});

it('follows the variables: changed, switched off, and on again with the same channel', async () => {
  await using first = await start(mailEnv);
  const [made] = await channelsOf(first);
  await using changed = await start({ ...mailEnv, EMAIL_RECIPIENTS: 'boss@x.test' });
  expect(await channelsOf(changed)).toMatchObject([
    { id: made?.id, enabled: true, config: { to: ['boss@x.test'] } },
  ]);
  await using off = await start({ ...mailEnv, EMAIL_NOTIFICATIONS_ENABLED: 'false' });
  expect(await channelsOf(off)).toMatchObject([{ id: made?.id, enabled: false }]);
  await using on = await start(mailEnv);
  expect(await channelsOf(on)).toMatchObject([
    { id: made?.id, enabled: true, config: { to: ['ops@x.test', 'night@x.test'] } },
  ]);
});

describe('a channel of the environment', () => {
  it('keeps its signing secret over restarts and after it was replaced', async () => {
    await using first = await start({ WEBHOOK_URLS: receiver.url });
    const [made] = await channelsOf(first);
    const rotated = await first.call('POST', `/api/v1/default/channels/${made?.id}/secret`);
    await using second = await start({ WEBHOOK_URLS: receiver.url });
    await second.call('POST', `/api/v1/default/channels/${made?.id}/test`);
    expect(isSignedWith(rotated.body.shown_once.secret, receiver.received[0])).toBe(true);
  });

  it('can get a new name and severity, but the variables decide its config and whether it is on', async () => {
    await using house = await start({ WEBHOOK_URLS: receiver.url });
    const [made] = await channelsOf(house);
    const path = `/api/v1/default/channels/${made?.id}`;
    const config = { url: receiver.url };
    expect(
      (await house.call('PUT', path, { body: { name: 'Siren', config, min_severity: 'high' } })).status,
    ).toBe(200);
    for (const body of [
      { name: 'Siren', config, enabled: false },
      { name: 'Siren', config: { url: 'https://x.test/' } },
    ]) {
      expect((await house.call('PUT', path, { body })).status).toBe(409);
    }
    expect((await house.call('DELETE', path)).status).toBe(409);
    await ensureEnvironmentChannels(house.ctx);
    expect(await channelsOf(house)).toMatchObject([{ name: 'Siren', min_severity: 'high' }]);
  });

  it('says in the ledger that it is switched off', async () => {
    await using first = await start({ WEBHOOK_URLS: receiver.url });
    expect(await channelsOf(first)).toHaveLength(1);
    await using off = await start({});
    const ledger = await ledgerOf(off);
    await ledger.transition('opened', await ledger.openAlerts(1));
    expect((await ledger.rows()).map((row) => row.reason)).toEqual([
      "The channel is switched off by the server's environment.",
    ]);
  });
});

describe('a process with fewer variables than the server', () => {
  const enabledOf = async (house: TestApp) => (await channelsOf(house)).map((row) => [row.kind, row.enabled]);
  const everything = () => ({ ...mailEnv, WEBHOOK_URLS: receiver.url });
  const both = [
    ['email', true],
    ['webhook', true],
  ];

  it.each([
    ['a pass from cron', { onePass: true, role: 'worker' as const }],
    ['an API process', { role: 'api' as const }],
    ['a worker', { role: 'worker' as const }],
  ])('switches off none of its channels: %s', async (_who, options) => {
    await using server = await start(everything());
    await using _less = await testApp({ database, ...options });
    expect(await enabledOf(server)).toEqual(both);
    // The same when the server is started again.
    await using again = await start(everything());
    expect(await enabledOf(again)).toEqual(both);
  });

  it('leaves a mail that it cannot send to the server, which sends it', async () => {
    await using mail = await startMailServer();
    const env = { EMAIL_RECIPIENTS: 'ops@x.test', SMTP_URL: mail.url };
    await using server = await start(env);
    await using pass = await testApp({ database, onePass: true, role: 'worker' });
    const ledger = await ledgerOf(server);
    await ledger.transition('opened', await ledger.openAlerts(1), { tell: false });
    await ledger.runOnce(pass.ctx);
    expect((await ledger.rows()).map((row) => [row.channel_name, row.status])).toEqual([
      ['E-mail (environment)', 'pending'],
    ]);
    await ledger.runOnce();
    expect(mail.mails).toHaveLength(1);
  });

  it('changes channels only on request, and the audit says which', async () => {
    await using server = await start(everything());
    await using pass = await testApp({ database, onePass: true, role: 'worker' });
    expect(await syncEnvironmentChannels(pass.ctx)).toEqual({
      made: [],
      changed: [],
      switchedOff: expect.arrayContaining(['E-mail (environment)', expect.stringContaining('Webhook')]),
    });
    expect((await enabledOf(server)).every(([, enabled]) => enabled === false)).toBe(true);
    const audit = await server.call('GET', '/api/v1/default/audit?action=channel.updated');
    expect(audit.body.data).toHaveLength(2);
    expect(await syncEnvironmentChannels(server.ctx)).toMatchObject({ made: [], changed: { length: 2 } });
  });
});
