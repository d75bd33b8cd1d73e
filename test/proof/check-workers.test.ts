import { createServer } from 'node:http';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestDatabase, testDatabase } from '../support/database.ts';
import { freePort, type ServerProcess, scratchDir, startServer } from '../support/server-process.ts';
import { waitFor } from '../support/wait-for.ts';

const checks = 40;
const intervalMs = 4_000;
/** How long each answer takes, so that a killed worker surely holds leases. */
const answerMs = 600;

let database: TestDatabase;
let owner: pg.Client;
/** Per check: when the target saw each request begin and end. */
const visits = new Map<string, { from: number; to: number }[]>();
const target = createServer((request, response) => {
  const visit = { from: performance.now(), to: Number.POSITIVE_INFINITY };
  const seen = visits.get(request.url ?? '') ?? [];
  seen.push(visit);
  visits.set(request.url ?? '', seen);
  const timer = setTimeout(() => response.end('ok'), answerMs);
  response.on('close', () => {
    clearTimeout(timer);
    visit.to = performance.now();
  });
});

beforeAll(async () => {
  database = await testDatabase();
  owner = new pg.Client({ connectionString: database.url });
  await owner.connect();
  await new Promise<void>((resolve) => target.listen(0, '127.0.0.1', resolve));
});
afterAll(async () => {
  target.closeAllConnections();
  target.close();
  await owner.end();
  await database.close();
});

async function held(): Promise<Record<string, number>> {
  const { rows } = await owner.query<{ lease_owner: string; count: number }>(
    'select lease_owner, count(*)::int as count from check_state where lease_owner is not null group by 1',
  );
  return Object.fromEntries(rows.map((row) => [row.lease_owner, row.count]));
}

/** The workers that report themselves. */
async function workers(): Promise<string[]> {
  const { rows } = await owner.query<{ id: string }>('select id from check_workers');
  return rows.map(({ id }) => id);
}

/** Makes the check due again until that worker has it. */
async function givenTo(worker: string, slug: string): Promise<boolean> {
  const { rows } = await owner.query<{ lease_owner: string | null }>(
    'select s.lease_owner from check_state s join checks c on c.id = s.check_id where c.slug = $1',
    [slug],
  );
  const holder = rows[0]?.lease_owner ?? null;
  if (holder === null)
    await owner.query(
      'update check_state s set next_due_at = now() from checks c where c.id = s.check_id and c.slug = $1',
      [slug],
    );
  return holder === worker;
}

test('when one of two workers is killed while it holds leases, every check, also a daily one, is back within two intervals, and none runs twice at once', async () => {
  await using folder = await scratchDir();
  const start = async (name: string): Promise<ServerProcess> =>
    await startServer({
      PORT: String(await freePort()),
      DATA_DIR: `${folder.path}/${name}`,
      DATABASE_URL: database.url,
      SECRET_KEY: 'the same key in every test process 0123',
      OUTBOUND_ALLOW: '127.0.0.0/8',
      LOG_LEVEL: 'error',
    });
  const first = await start('a');
  const [staying] = await waitFor('the first worker', async () => {
    const known = await workers();
    return known.length === 1 && known;
  });
  const second = await start('b');
  try {
    const address = target.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    for (let number = 0; number < checks; number += 1) {
      const made = await first.call('POST', '/api/v1/default/checks', {
        slug: `c${number}`,
        kind: 'http',
        config: { url: `http://127.0.0.1:${port}/c${number}` },
        interval: intervalMs / 1_000,
        timeout: 3,
        retries: 0,
      });
      expect(made.status).toBe(201);
    }
    const daily = await first.call('POST', '/api/v1/default/checks', {
      slug: 'daily',
      kind: 'http',
      config: { url: `http://127.0.0.1:${port}/daily` },
      interval: '1d',
      timeout: 3,
      retries: 0,
    });
    expect(daily.status).toBe(201);
    await waitFor('every check to have run', () => visits.size >= checks, 30_000);
    await waitFor('both workers to hold leases', async () => Object.keys(await held()).length === 2, 30_000);
    const dying = (await workers()).find((id) => id !== staying) ?? '';
    await waitFor('the other worker to have the daily check', () => givenTo(dying, 'daily'), 60_000);
    await second.kill('SIGKILL');
    const killedAt = performance.now();
    await waitFor(
      'every check to have run twice more',
      () =>
        [...visits].every(([check, seen]) => {
          const again = seen.filter(({ from }) => from > killedAt).length;
          return again >= (check === '/daily' ? 1 : 2);
        }),
      60_000,
    );
    for (const [check, seen] of visits) {
      for (const [index, visit] of seen.entries()) {
        const before = seen[index - 1];
        if (before === undefined) continue;
        expect(visit.from, `${check} ran twice at once`).toBeGreaterThanOrEqual(before.to);
        if (check === '/daily') continue;
        // A little more than two intervals: the tests load this machine's timers too.
        expect(visit.from - before.from, `${check} was lost`).toBeLessThan(2 * intervalMs + 1_000);
      }
    }
  } finally {
    await first.kill('SIGTERM');
  }
  expect(await held()).toEqual({});
});
