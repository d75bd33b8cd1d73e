import net from 'node:net';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { type TestDatabase, testDatabase } from '../support/database.ts';
import { createFleet, pause, startLoad, storedSequences } from '../support/fleet.ts';
import { freePort, type ServerProcess, scratchDir, startServer } from '../support/server-process.ts';
import { waitFor } from '../support/wait-for.ts';

const cutMs = 30_000;

/** A TCP proxy in front of PostgreSQL whose cable can be pulled. */
interface Cable extends AsyncDisposable {
  readonly port: number;
  cut(): void;
  mend(): void;
}

async function cable(target: net.NetConnectOpts): Promise<Cable> {
  const open = new Set<net.Socket>();
  let whole = true;
  const server = net.createServer((near) => {
    if (!whole) {
      near.destroy();
      return;
    }
    const far = net.connect(target);
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      open.add(one);
      one.pipe(other);
      one.on('error', () => other.destroy());
      one.on('close', () => {
        open.delete(one);
        other.destroy();
      });
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // Safe because the server listens on TCP.
  const { port } = server.address() as net.AddressInfo;
  return {
    port,
    cut() {
      whole = false;
      for (const socket of open) socket.destroy();
    },
    mend() {
      whole = true;
    },
    async [Symbol.asyncDispose]() {
      for (const socket of open) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());

/** Where the suite's PostgreSQL listens: a Unix socket or a port. */
function targetOf(url: URL): net.NetConnectOpts {
  const host = url.searchParams.get('host') ?? url.hostname;
  const port = Number(url.searchParams.get('port') ?? (url.port || 5432));
  return host.startsWith('/') ? { path: `${host}/.s.PGSQL.${port}` } : { host, port };
}

test('thirty seconds without the database: answers are 503 with Retry-After, retries lose nothing, the server recovers by itself', async () => {
  await using data = await scratchDir();
  const direct = new URL(database.url);
  await using wire = await cable(targetOf(direct));
  const through = new URL(database.url);
  through.searchParams.delete('host');
  through.searchParams.delete('port');
  through.hostname = '127.0.0.1';
  through.port = String(wire.port);
  const env = {
    PORT: String(await freePort()),
    DATA_DIR: data.path,
    DATABASE_URL: through.toString(),
    HEARTBEAT_OFFLINE_SECONDS: '10',
    ALERT_CHECK_INTERVAL: '1',
  };
  const server: ServerProcess = await startServer(env);
  onTestFinished(() => server.kill('SIGKILL'));
  const fleet = await createFleet(server, 6);
  const load = startLoad(() => server.url, fleet, 50);
  await waitFor('the load to run', () => fleet.every((agent) => agent.acknowledged.size > 5));

  wire.cut();
  await pause(cutMs / 2);
  const health = await fetch(`${server.url}/health/ready`);
  expect(health.status).toBe(503);
  const refused = await server.call('GET', '/api/v1/default/sites');
  expect(refused.status).toBe(503);
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
  await pause(cutMs / 2);
  wire.mend();

  await waitFor('the server to be ready again', async () => (await fetch(`${server.url}/health/ready`)).ok);
  const before = fleet.map((agent) => agent.acknowledged.size);
  await waitFor('heartbeats to flow again', () =>
    fleet.every((agent, index) => agent.acknowledged.size > (before[index] ?? 0) + 5),
  );
  await load.finish();

  for (const agent of fleet) {
    expect([...agent.refusals.keys()], 'nothing but 503 was answered').toEqual([503]);
    expect(
      agent.retryAfter.every((seconds) => Number(seconds) > 0),
      'each 503 says when to try again',
    ).toBe(true);
    const stored = new Set(await storedSequences(server, agent.slug));
    expect([...agent.acknowledged].filter((sequence) => !stored.has(sequence))).toEqual([]);
  }
  const alerts = await server.call('GET', '/api/v1/default/alerts?limit=10');
  expect((alerts.body as { data: unknown[] }).data, 'our own outage is no device offline').toEqual([]);
  await server.kill('SIGTERM');
});
