import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestApp, testApp } from '../../../../../test/support/app.ts';
import { type TestClock, testClock } from '../../../../../test/support/clock.ts';
import { runDueChecks } from '../index.ts';
import { purgeLogs } from './retention.ts';

let clock: TestClock;
let house: TestApp;
const dayMs = 86_400_000;
const forever = AbortSignal.timeout(60_000);

beforeAll(async () => {
  clock = testClock('2026-03-02T12:00:00Z');
  house = await testApp({ clock, env: { LOGS_RETENTION_DAYS: '2' } });
});
afterAll(() => house.close());

async function jobCheck(slug: string): Promise<string> {
  const made = await house.call('POST', '/api/v1/default/checks', {
    body: { slug, kind: 'ping', config: { period: 86_400, grace: 600 } },
  });
  return new URL(made.body.ping_url).pathname;
}

async function checkIn(path: string, output: string): Promise<void> {
  const { status } = await house.call('POST', path, {
    ...{ token: null, body: output, headers: { 'content-type': 'text/plain' } },
  });
  expect(status).toBe(200);
  await runDueChecks(house.ctx);
}

async function outputsOf(slug: string): Promise<(string | null)[]> {
  const { data } = (await house.call('GET', `/api/v1/default/checks/${slug}/pings`)).body;
  // The test helper sends a body as JSON.
  return data.map((ping: { body_start: string | null }) => ping.body_start?.replaceAll('"', '') ?? null);
}

test('texts of jobs are deleted after LOGS_RETENTION_DAYS; the newest of each check and all check-ins stay', async () => {
  const [nightly, rare] = [await jobCheck('nightly'), await jobCheck('rare')];
  await checkIn(rare, 'the only one');
  for (const output of ['first', 'second', 'third']) {
    await checkIn(nightly, output);
    clock.advance(dayMs / 1_000);
  }
  await purgeLogs(house.ctx, forever);
  expect(await outputsOf('nightly')).toEqual(['third', 'second', null]);
  expect(await outputsOf('rare')).toEqual(['the only one']);
  clock.advance((30 * dayMs) / 1_000);
  await purgeLogs(house.ctx, forever);
  expect(await outputsOf('nightly')).toEqual(['third', null, null]);
  expect(await outputsOf('rare')).toEqual(['the only one']);
});

test('check-ins that could not be applied are deleted too', async () => {
  const add = (at: Date) =>
    house.ctx.db.system((tx) =>
      sql`insert into ping_journal (at, items, faulty) values (${at}, '[]', true)`.execute(tx),
    );
  await add(new Date(clock.now() - 3 * dayMs));
  await add(new Date(clock.now() - dayMs));
  await purgeLogs(house.ctx, forever);
  const { rows } = await house.ctx.db.system((tx) =>
    sql`select id from ping_journal where faulty`.execute(tx),
  );
  expect(rows).toHaveLength(1);
});
