import { createServer, type ServerResponse } from 'node:http';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { newId } from '#platform/ids';
import { type TestApp, testApp } from '../../../../../test/support/app.ts';
import { type TestClock, testClock } from '../../../../../test/support/clock.ts';
import { type Tenant, testTenant } from '../../../../../test/support/tenants.ts';
import { waitFor } from '../../../../../test/support/wait-for.ts';
import { runDueChecks } from '../index.ts';
import { beatWorker, claimChecks, clearLeases, giveBack, recordResults } from './store.ts';

let house: TestApp;
let clock: TestClock;
let alice: Tenant;
/** Requests that arrived and are not answered yet. */
let waiting: ServerResponse[] = [];
let holds = false;
const target = createServer((_request, response) => {
  if (holds) waiting.push(response);
  else response.end('hello');
});

beforeAll(async () => {
  clock = testClock(new Date());
  house = await testApp({ clock });
  alice = await testTenant(house, 'alice');
  await new Promise<void>((resolve) => target.listen(0, '127.0.0.1', resolve));
});
afterEach(async () => {
  holds = false;
  waiting = [];
  await alice.call('DELETE', '/checks/web');
  await house.ctx.db.pool.query('delete from check_workers');
});
afterAll(async () => {
  target.closeAllConnections();
  target.close();
  await house.close();
});

const settings = (more: object = {}) => {
  const address = target.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const config = { url: `http://127.0.0.1:${port}/` };
  return { name: 'Web', config, interval: '1d', alert_after_failures: 1, retries: 0, ...more };
};
const make = async (more: object = {}): Promise<void> => {
  const body = { slug: 'web', kind: 'http', ...settings(more) };
  expect((await alice.call('POST', '/checks', { body })).status).toBe(201);
};
const read = async () => (await alice.call('GET', '/checks/web')).body;
const state = async () => {
  const { rows } = await house.ctx.db.pool.query(
    'select s.*, s.lease_until > clock_timestamp() as held from check_state s join checks c on c.id = s.check_id where c.slug = $1',
    ['web'],
  );
  return rows[0];
};
/** Claims like a worker whose machine's clock is wrong by this many seconds. */
const claim = async (owner: string, offSeconds = 70) => {
  await beatWorker(house.ctx.db, owner);
  const now = new Date(clock.now() + offSeconds * 1_000);
  return await claimChecks(house.ctx.db, { horizon: now, now, owner, limit: 10 });
};
/** Like kill -9: the worker never reports again. */
const kill = (owner: string) =>
  house.ctx.db.pool.query("update check_workers set beat_at = beat_at - interval '1 minute' where id = $1", [
    owner,
  ]);

/** All leases run out, and a worker notices. */
async function runOut(): Promise<number> {
  await house.ctx.db.pool.query("update check_state set lease_until = lease_until - interval '1 hour'");
  return await house.ctx.db.system((tx) => clearLeases(tx, new Date(clock.now())));
}

describe('a check that a worker holds', () => {
  test('is taken over as soon as that worker is dead, also a daily one, and keeps its schedule', async () => {
    await make();
    const [first, second] = [newId(), newId()];
    expect(await claim(first)).toHaveLength(1);
    const { next_due_at: next } = await state();
    expect(await claim(second)).toEqual([]);
    await kill(first);
    expect(await claim(second)).toHaveLength(1);
    expect(await state()).toMatchObject({ lease_owner: second, next_due_at: next });
    expect(await claim(second)).toEqual([]);
  });

  test('is not taken by a worker whose clock differs, by seconds or by days', async () => {
    await make();
    const [first, second] = [newId(), newId()];
    expect(await claim(first)).toHaveLength(1);
    for (const off of [65, 75, -3_600, 80_000]) expect(await claim(second, off)).toEqual([]);
  });

  test('is due again at once when its turn was given back, not an interval later', async () => {
    await make();
    const owner = newId();
    const [check] = await claim(owner);
    const dueAt = new Date(clock.now() + 2_000);
    await giveBack(house.ctx.db, owner, [check?.check_id ?? ''], dueAt);
    expect(await state()).toMatchObject({ lease_owner: null, next_due_at: dueAt });
  });

  test('is due again when its lease ran out although the worker lives', async () => {
    await make();
    const owner = newId();
    await claim(owner);
    expect(await runOut()).toBe(1);
    expect(await state()).toMatchObject({ lease_owner: null, next_due_at: new Date(clock.now()) });
  });

  test('takes no result of an old claim, not even from the same worker', async () => {
    await make();
    const owner = newId();
    const [old] = await claim(owner);
    await runOut();
    const [check] = await claim(owner);
    const recording = (lease = '') => ({
      ...{
        checkId: check?.check_id ?? '',
        at: new Date(clock.now()),
        outcome: 'failed' as const,
        reason: 'x',
      },
      ...{
        attempts: 1,
        timings: [],
        details: '{}',
        status: 'down' as const,
        standingReason: 'x',
        failures: 1,
      },
      ...{ successes: 0, lease },
    });
    await recordResults(house.ctx.db, owner, [recording(old?.lease)]);
    expect(await state()).toMatchObject({ status: 'pending' });
    await recordResults(house.ctx.db, owner, [recording(check?.lease)]);
    expect(await state()).toMatchObject({ status: 'down', lease_owner: null });
  });
});

describe('a check that is switched off during a run', () => {
  const pause = () => alice.call('PUT', '/checks/web', { body: settings({ enabled: false }) });
  const answerAll = (status: number) => {
    holds = false;
    for (const response of waiting.splice(0)) response.writeHead(status).end();
  };

  test('is as if it had not run, and alerts nobody when it is switched on again', async () => {
    await make({ interval: '20s' });
    clock.advance(70);
    holds = true;
    const pass = runDueChecks(house.ctx);
    await waitFor('the run to ask', () => waiting.length === 1);
    expect((await pause()).status).toBe(200);
    answerAll(500);
    await pass;
    expect(await read()).toMatchObject({ enabled: false, state: { status: 'pending', next_due_at: null } });
    expect((await alice.call('GET', '/checks/web/results')).body.data).toEqual([]);
    await alice.call('PUT', '/checks/web', { body: settings({ interval: '20s' }) });
    await house.app.workOnce(1_000);
    expect((await alice.call('GET', '/alerts?status=active')).body.data).toEqual([]);
  });

  test('stays off when that run was started by hand', async () => {
    await make();
    holds = true;
    const run = alice.call('POST', '/checks/web/run');
    await waitFor('the run to ask', () => waiting.length === 1);
    await pause();
    answerAll(200);
    expect((await run).status).toBe(200);
    expect(await state()).toMatchObject({ next_due_at: null, lease_owner: null });
  });
});
