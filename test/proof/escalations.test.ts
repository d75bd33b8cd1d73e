import pg from 'pg';
import { expect, test } from 'vitest';
import { testDatabase } from '../support/database.ts';
import { createFleet, startLoad } from '../support/fleet.ts';
import { httpReceiver } from '../support/receivers.ts';
import { freePort, scratchDir, startServer } from '../support/server-process.ts';
import { waitFor } from '../support/wait-for.ts';

const devices = 20;
const bossPath = '/boss';

interface Rules {
  readonly data: readonly { readonly id: string; readonly type: string }[];
}

interface Alerts {
  readonly alerts?: readonly { readonly id: string }[];
}

interface Told {
  readonly type: string;
  readonly data: Alerts & { readonly incidents?: readonly Alerts[] };
}

test('one process is killed as 20 alerts escalate, the next before they are told: each escalates once and is told once', async () => {
  await using receiver = await httpReceiver();
  await using folder = await scratchDir();
  await using database = await testDatabase();
  await using owner = Object.assign(new pg.Client({ connectionString: database.url }), {
    async [Symbol.asyncDispose]() {
      await owner.end();
    },
  });
  await owner.connect();
  const start = async (name: string) =>
    await startServer({
      PORT: String(await freePort()),
      DATA_DIR: `${folder.path}/${name}`,
      DATABASE_URL: database.url,
      SECRET_KEY: 'the same key in every test process 0123',
      HEARTBEAT_OFFLINE_SECONDS: '3',
      ALERT_CHECK_INTERVAL: '0.5',
      OUTBOUND_ALLOW: '127.0.0.0/8',
      LOG_LEVEL: 'error',
    });
  const count = async (query: string) => Number((await owner.query<{ count: string }>(query)).rows[0]?.count);
  const escalated = "select count(*) from alert_transitions where kind = 'escalated'";
  const lockLedger =
    "select pg_advisory_lock(hashtextextended('notifications ' || id, 0)) from organizations";

  const first = await start('a');
  const boss = { kind: 'webhook', name: 'Boss', escalation_only: true };
  const config = { url: `${receiver.url}${bossPath}` };
  expect((await first.call('POST', '/api/v1/default/channels', { ...boss, config })).status).toBe(201);
  const { data } = (await first.call('GET', '/api/v1/default/rules?type=device_offline')).body as Rules;
  const rule = `/api/v1/default/rules/${data[0]?.id}`;
  const escalation_rules = { escalate_after: 2, escalate_to_channels: ['Boss'] };
  const fleet = await createFleet(first, devices);
  const beats = startLoad(() => first.url, fleet, 1_000);
  await waitFor('every device to have spoken', () => fleet.every((agent) => agent.acknowledged.size > 0));
  await beats.finish();
  await waitFor(
    'all alerts to open',
    async () =>
      (await count("select count(*) from alerts where status = 'open' and type = 'device_offline'")) ===
      devices,
  );

  await waitFor(
    'every alert to have its incident',
    async () => (await count('select count(*) from incident_alerts')) === devices,
  );

  // Nobody can tell while the ledger is locked, and nobody can escalate while an alert is held: the first process
  // dies between the two, with an alert of its round in hand.
  await owner.query(lockLedger);
  await owner.query('begin');
  await owner.query("select from alerts where type = 'device_offline' order by id desc limit 1 for update");
  expect((await first.call('PATCH', rule, { escalation_rules })).status).toBe(200);
  await using watcher = Object.assign(new pg.Client({ connectionString: database.url }), {
    async [Symbol.asyncDispose]() {
      await watcher.end();
    },
  });
  await watcher.connect();
  await waitFor('a round to wait for the alert that is held', async () => {
    const waiting = await watcher.query(
      "select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock' and query like '%from alerts%for update%'",
    );
    return waiting.rows.length > 0;
  });
  await first.kill('SIGKILL');
  const second = await start('b');
  await owner.query('commit');
  await waitFor('the other process to escalate all', async () => (await count(escalated)) === devices);
  expect(await count("select count(*) from notifications where transition_kind = 'escalated'")).toBe(0);

  await second.kill('SIGKILL');
  const third = await start('c');
  try {
    await owner.query('select pg_advisory_unlock_all()');
    await waitFor(
      'all escalations to be told',
      async () =>
        (await count(
          "select count(*) from notifications where transition_kind = 'escalated' and status = 'sent'",
        )) === devices,
    );
    const told = receiver.received.flatMap((request) => {
      const { type, data: about } = JSON.parse(request.body) as Told;
      if (!type.includes('escalated')) return [];
      return (about.incidents ?? [about]).flatMap(({ alerts = [] }) => alerts.map((alert) => alert.id));
    });
    expect(told).toHaveLength(devices);
    expect(new Set(told).size).toBe(devices);
    expect(await count(escalated)).toBe(devices);
  } finally {
    await third.kill('SIGTERM');
  }
});
