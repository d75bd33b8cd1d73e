import pg from 'pg';
import { expect, test } from 'vitest';
import { testDatabase } from '../support/database.ts';
import { createFleet, startLoad } from '../support/fleet.ts';
import { httpReceiver } from '../support/receivers.ts';
import { freePort, scratchDir, startServer } from '../support/server-process.ts';
import { waitFor } from '../support/wait-for.ts';

const devices = 200;
/** The time in which work of a dead process is taken over, planned and sent. */
const takeoverMs = 30_000;

interface Alerts {
  readonly alerts?: readonly { readonly id: string }[];
}

interface Told {
  readonly data: Alerts & { readonly incidents?: readonly Alerts[] };
}

test('when one of two processes is killed as 200 alerts open, the other tells all of them once within half a minute', async () => {
  await using receiver = await httpReceiver();
  await using folder = await scratchDir();
  const database = await testDatabase();
  const owner = new pg.Client({ connectionString: database.url });
  await owner.connect();
  const start = async (name: string) =>
    await startServer({
      PORT: String(await freePort()),
      DATA_DIR: `${folder.path}/${name}`,
      DATABASE_URL: database.url,
      SECRET_KEY: 'the same key in every test process 0123',
      HEARTBEAT_OFFLINE_SECONDS: '3',
      ALERT_CHECK_INTERVAL: '0.5',
      WEBHOOK_URLS: `${receiver.url}/hook`,
      OUTBOUND_ALLOW: '127.0.0.0/8',
      LOG_LEVEL: 'error',
    });
  const first = await start('a');
  const fleet = await createFleet(first, devices);
  // No process can plan while this lock is held, so the kill surely falls between the opening and the telling.
  const {
    rows: [organization],
  } = await owner.query("select id from organizations where slug = 'default'");
  const lockLedger = "select pg_advisory_lock(hashtextextended('notifications ' || $1, 0))";
  await owner.query(lockLedger, [organization.id]);
  const beats = startLoad(() => first.url, fleet, 1_000);
  await waitFor(
    'every device to have sent a heartbeat',
    () => fleet.every((agent) => agent.acknowledged.size > 0),
    60_000,
  );
  await beats.finish();
  const count = async (query: string) => Number((await owner.query<{ count: string }>(query)).rows[0]?.count);
  await waitFor(
    'all alerts to open',
    async () =>
      (await count("select count(*) from alerts where status = 'open' and type = 'device_offline'")) ===
      devices,
    60_000,
  );
  const second = await start('b');
  await first.kill('SIGKILL');
  try {
    await owner.query('select pg_advisory_unlock_all()');
    await waitFor(
      'all openings to be told',
      async () =>
        (await count(
          "select count(*) from notifications where transition_kind = 'opened' and status = 'sent'",
        )) === devices,
      takeoverMs,
    );
    const told = receiver.received.flatMap((request) => {
      const { data } = JSON.parse(request.body) as Told;
      return (data.incidents ?? [data]).flatMap(({ alerts = [] }) => alerts.map((alert) => alert.id));
    });
    expect(told).toHaveLength(devices);
    expect(new Set(told).size).toBe(devices);
    expect(await count('select count(*) from notifications')).toBe(devices);
    const detailed = await second.call('GET', '/health/detailed');
    expect(
      (detailed.body as { checks: Record<string, { status: string }> }).checks.notifications?.status,
    ).toBe('pass');
  } finally {
    await second.kill('SIGTERM');
    await owner.end();
    await database.close();
  }
});
