import { sql } from 'kysely';
import pg from 'pg';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Ctx } from '#platform/context';
import { openDatabase } from '#platform/db/database';
import { createLogger } from '#platform/log';
import { type TestApp, testApp } from '../../../../../test/support/app.ts';
import { freePort } from '../../../../../test/support/server-process.ts';
import { createApplier } from './applier.ts';

let house: TestApp;
let path: string;

beforeAll(async () => {
  house = await testApp();
  const made = await house.call('POST', '/api/v1/default/checks', {
    body: { slug: 'nightly', kind: 'ping', config: { period: 3_600, grace: 600 } },
  });
  path = new URL(made.body.ping_url).pathname;
  await house.app.workOnce(100);
});
afterAll(() => house.close());

/** The app's applier on another connection to the database, with its log. */
function applierOn(url: string, statementTimeoutMs: number) {
  const lines: string[] = [];
  const log = pino({ base: null }, { write: (line) => lines.push(line) });
  const quiet = createLogger({ level: 'silent' });
  const db = openDatabase({ url, poolMax: 2, connectTimeoutMs: 2_000, statementTimeoutMs, log: quiet });
  const ctx: Pick<Ctx, 'db' | 'clock' | 'events' | 'live' | 'log'> = { ...house.ctx, db, log };
  return { applier: createApplier(ctx), lines, [Symbol.asyncDispose]: () => db.close() };
}

async function takePing(): Promise<void> {
  expect((await house.call('GET', path, { token: null })).status).toBe(200);
}

async function journal(): Promise<{ faulty: boolean }[]> {
  const { rows } = await house.ctx.db.system((tx) =>
    sql<{ faulty: boolean }>`select faulty from ping_journal`.execute(tx),
  );
  return rows;
}

const counted = async () =>
  (await house.call('GET', '/api/v1/default/checks/nightly')).body.ping.pings as number;

test('when the database is away, no ping is blamed: the turn ends with a single error', async () => {
  await using away = applierOn(`postgres://nobody@127.0.0.1:${await freePort()}/nowhere`, 1_000);
  await expect(away.applier.pass()).rejects.toMatchObject({ code: 'database_unavailable' });
  expect(away.lines).toEqual([]);
});

test('a statement that exceeds its time limit sets no ping aside: it is applied in a later turn', async () => {
  const before = await counted();
  const blocker = new pg.Client({ connectionString: house.database.url });
  await blocker.connect();
  await using impatient = applierOn(house.database.url, 200);
  try {
    await takePing();
    await blocker.query('begin; lock table ping_checks in access exclusive mode');
    await expect(impatient.applier.pass()).rejects.toMatchObject({ code: '57014' });
    expect(await journal()).toEqual([{ faulty: false }]);
  } finally {
    await blocker.end();
  }
  await impatient.applier.pass();
  expect(await journal()).toEqual([]);
  expect(await counted()).toBe(before + 1);
});
