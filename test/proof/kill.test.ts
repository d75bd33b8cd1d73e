import { expect, onTestFinished, test } from 'vitest';
import { createFleet, pause, startLoad, storedSequences } from '../support/fleet.ts';
import { httpReceiver } from '../support/receivers.ts';
import { freePort, type ServerProcess, scratchDir, startServer } from '../support/server-process.ts';
import { waitFor } from '../support/wait-for.ts';

const kills = 20;
const devices = 8;

interface AlertRow {
  id: string;
  status: string;
  device: string | null;
  subject: string;
}

test('kill -9 twenty times under load: no acknowledged heartbeat is lost, every alert is told once, no device is wrongly offline', async () => {
  await using data = await scratchDir();
  await using receiver = await httpReceiver();
  const env = {
    PORT: String(await freePort()),
    DATA_DIR: data.path,
    HEARTBEAT_OFFLINE_SECONDS: '4',
    ALERT_CHECK_INTERVAL: '0.5',
    WEBHOOK_URLS: `${receiver.url}/hook`,
    OUTBOUND_ALLOW: '127.0.0.0/8',
    WORKER_MAX_RETRIES: '20',
  };
  let server: ServerProcess = await startServer(env);
  onTestFinished(() => server.kill('SIGKILL'));
  const fleet = await createFleet(server, devices);
  // One device sends one heartbeat and then falls silent: its alert must be told exactly once.
  const [silent] = await createFleet(server, 1, 'silent');
  const load = startLoad(() => server.url, fleet, 50);
  const only = startLoad(() => server.url, silent === undefined ? [] : [silent], 1);
  await waitFor('the silent device to have spoken', () => (silent?.acknowledged.size ?? 0) > 0);
  await only.finish();

  for (let kill = 0; kill < kills; kill += 1) {
    // The moments differ, so that batches, sweeps and deliveries are each cut at some point.
    await pause(150 + ((kill * 397) % 900));
    await server.kill('SIGKILL');
    server = await startServer(env);
  }
  const alerts = async () =>
    ((await server.call('GET', '/api/v1/default/alerts?limit=100')).body as { data: AlertRow[] }).data;
  await waitFor('the silent device to be found out', async () => (await alerts()).length > 0);
  const told = await waitFor('the alert to be told', () =>
    receiver.received.length > 0 ? receiver.received : undefined,
  );
  // Asked while the others still report: soon after the load ends they are silent in truth.
  expect(await alerts(), 'only the silent device is offline').toHaveLength(1);
  const ids = new Set(told.map((message) => message.headers['webhook-id']));
  expect(ids.size, 'one alert, one message id, however often it was sent').toBe(1);
  await load.finish();

  for (const agent of fleet) {
    const stored = await storedSequences(server, agent.slug);
    expect(new Set(stored).size, `${agent.slug} stored something twice`).toBe(stored.length);
    const missing = [...agent.acknowledged].filter((sequence) => !stored.includes(sequence));
    expect(missing, `${agent.slug} lost acknowledged heartbeats`).toEqual([]);
    expect(agent.acknowledged.size).toBeGreaterThan(kills);
  }
  await server.kill('SIGTERM');
});
