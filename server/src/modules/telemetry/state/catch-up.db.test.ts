import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type TestApp, testApp } from '../../../../../test/support/app.ts';
import { type TestClock, testClock } from '../../../../../test/support/clock.ts';
import { catchUpSeconds } from './catch-up.ts';

let house: TestApp;
let clock: TestClock;
let turn = 0;
let slug: string;
let token: string;

beforeAll(async () => {
  clock = testClock();
  house = await testApp({ clock });
  for (const site of ['north', 'south'])
    await house.call('POST', '/api/v1/default/sites', { body: { slug: site, name: site, timezone: 'UTC' } });
  await pass();
});
afterAll(() => house.close());
beforeEach(async () => {
  turn += 1;
  slug = `till-${turn}`;
  const made = await house.call('POST', '/api/v1/default/devices', { body: { slug, site: 'north' } });
  token = made.body.token;
});

/** Deletes all events that wait for telemetry, as if they had been given up for good. */
async function loseEvents(): Promise<number> {
  return await house.ctx.db.system(async (tx) => {
    const { rows } = await sql`
      delete from domain_events where event like 'device.%' and subscriber like 'telemetry.%' returning id`.execute(
      tx,
    );
    return rows.length;
  });
}

async function pass(): Promise<void> {
  clock.advance(catchUpSeconds + 1);
  await house.app.workOnce(1_000);
}

const beat = async () => {
  const body = { device_id: slug, tenant_id: 'default', store_id: 'north', status: 'ok' };
  expect((await house.call('POST', '/heartbeat', { token, body })).status).toBe(202);
};
async function state(): Promise<{ site: string; status: string } | undefined> {
  return await house.ctx.db.system(async (tx) => {
    const { rows } = await sql<{ site: string; status: string }>`
      select i.slug as site, s.status from device_state s join devices d on d.key = s.device_key
      join sites i on i.id = s.site_id where d.slug = ${slug}`.execute(tx);
    return rows[0];
  });
}
async function history(): Promise<number> {
  return await house.ctx.db.system(async (tx) => {
    const { rows } = await sql<{ n: number }>`select count(*)::int as n from heartbeats`.execute(tx);
    return rows[0]?.n ?? 0;
  });
}

test('a new device gets a state although the event for it was lost', async () => {
  expect(await loseEvents()).toBe(1);
  expect(await state()).toBeUndefined();
  await pass();
  expect(await state()).toEqual({ site: 'north', status: 'unknown' });
});

test('the state of a device that moved has the new place of the device', async () => {
  await beat();
  await pass();
  const moved = await house.call('PUT', `/api/v1/default/devices/${slug}`, {
    body: { slug, name: slug, site: 'south' },
  });
  expect(moved.status, JSON.stringify(moved.body)).toBe(200);
  expect(await loseEvents()).toBeGreaterThan(0);
  expect((await state())?.site).toBe('north');
  await pass();
  expect((await state())?.site).toBe('south');
});

test('a retired device has no state, and has one again when it returns', async () => {
  await beat();
  await pass();
  const act = async (deed: string) => {
    const done = await house.call('POST', `/api/v1/default/devices/${slug}/${deed}`, { body: {} });
    expect(done.status, JSON.stringify(done.body)).toBeLessThan(300);
    expect(await loseEvents()).toBeGreaterThan(0);
  };
  await act('retire');
  expect(await state()).toBeDefined();
  await pass();
  expect(await state()).toBeUndefined();
  await act('return');
  await pass();
  expect(await state()).toMatchObject({ site: 'north' });
});

test('a deleted device leaves no history', async () => {
  await beat();
  await pass();
  expect(await history()).toBeGreaterThan(0);
  const gone = await house.call('DELETE', `/api/v1/default/devices/${slug}`);
  expect(gone.status, JSON.stringify(gone.body)).toBe(204);
  expect(await loseEvents()).toBeGreaterThan(0);
  const keptFor = async () =>
    await house.ctx.db.system(async (tx) => {
      const { rows } = await sql<{ n: number }>`
        select count(*)::int as n from heartbeats h
        where not exists (select from devices d where d.key = h.device_key)`.execute(tx);
      return rows[0]?.n;
    });
  expect(await keptFor()).toBe(1);
  await pass();
  expect(await keptFor()).toBe(0);
  const { rows } = await house.ctx.db.system((tx) => sql`select from removed_devices`.execute(tx));
  expect(rows).toEqual([]);
});

test('when the events are handled, the next round finds nothing to do', async () => {
  await house.app.workOnce(1_000);
  expect(await state()).toEqual({ site: 'north', status: 'unknown' });
  await beat();
  await pass();
  const before = await state();
  await pass();
  expect(await state()).toEqual(before);
});
