import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { newId } from '#platform/ids';
import { type TestApp, testApp } from '../../../../../test/support/app.ts';
import { type TestClock, testClock } from '../../../../../test/support/clock.ts';
import { type Tenant, testTenant } from '../../../../../test/support/tenants.ts';
import { acknowledgeIncidents, snoozeIncidents } from '../by-hand.ts';
import { asInstalled } from '../grouping.fixture.ts';
import { grouping, openIncidents } from '../transition.ts';

let house: TestApp;
let clock: TestClock;
let tenant: Tenant;
let tenants = 0;
beforeAll(async () => {
  clock = testClock('2026-03-01T12:00:00Z');
  house = await testApp({ clock, env: asInstalled });
});
afterAll(() => house.close());
beforeEach(async () => {
  tenants += 1;
  tenant = await testTenant(house, `i${tenants}`);
});

const within = <T>(work: Parameters<typeof house.ctx.db.tenant<T>>[1]) =>
  house.ctx.db.tenant(tenant.id, work);

/** An incident without alerts. Returns its id. */
async function opened(title: string, muted = false): Promise<string> {
  const at = new Date(clock.now());
  const incidents = await within((tx) =>
    openIncidents(house.ctx, tx, tenant.id, [
      {
        organizationId: tenant.id,
        groupKey: `type:${newId()}`,
        isCurrent: true,
        title,
        severity: 'high',
        priority: 'P3',
        siteId: null,
        openedAt: at,
        lastJoinedAt: at,
        muted: muted ? { by: 'maintenance', reason: 'New floor.' } : null,
        why: 'It went silent.',
        details: {},
        waitSeconds: 0,
        members: [],
      },
    ]),
  );
  return incidents[0]?.id ?? '';
}

const list = async (query: string) => {
  const page = await tenant.call('GET', `/incidents?${query}`);
  expect(page.status).toBe(200);
  return page.body.data.map((incident: { title: string }) => incident.title);
};

test('the inbox lists by weight: first what needs somebody, then what is in hand, then what is muted', async () => {
  await opened('muted', true);
  const taken = await opened('taken');
  const asleep = await opened('asleep');
  await opened('new');
  const actor = { ...grouping, name: 'Ada' };
  await within((tx) => acknowledgeIncidents(house.ctx, tx, [taken], { actor }));
  await within((tx) => snoozeIncidents(house.ctx, tx, [asleep], new Date(clock.now() + 60_000), { actor }));
  expect(await list('order=weight')).toEqual(['new', 'taken', 'asleep', 'muted']);
  expect(await list('status=snoozed')).toEqual(['asleep']);
  expect(await list('q=%231')).toEqual(['muted']);
  const metrics = (await house.call('GET', '/metrics')).body;
  expect(metrics).toContain('watchkeeper_incidents{priority="P3",attention="in_hand"} 2');
  clock.advance(61);
  expect((await list('order=weight&status=open')).slice(0, 2)).toEqual(['asleep', 'new']);
});

test('pages by weight follow each other without a gap', async () => {
  for (const title of ['a', 'b', 'c']) await opened(title);
  const first = (await tenant.call('GET', '/incidents?order=weight&limit=2')).body;
  const second = (await tenant.call('GET', `/incidents?order=weight&limit=2&cursor=${first.next_cursor}`))
    .body;
  expect([...first.data, ...second.data].map(({ title }) => title)).toEqual(['a', 'b', 'c']);
  expect(second.next_cursor).toBeNull();
});

test('an incident is found by its number, with its timeline', async () => {
  await opened('The desk is dark');
  const found = await tenant.call('GET', '/incidents/1');
  expect(found.body).toMatchObject({
    number: 1,
    title: 'The desk is dark',
    attention: 'needs_you',
    timeline: [{ kind: 'opened', why: 'It went silent.', actor: { kind: 'system' } }],
    similar: { count: 0, incidents: [] },
  });
  expect((await tenant.call('GET', '/incidents/2')).status).toBe(404);
});

test('an organization sets how its alerts join, and takes it back', async () => {
  const set = await tenant.call('PUT', '/incidents/settings', {
    body: { group_by: 'label:store', hold_down_seconds: 60, flapping: { changes: 5, within_seconds: 600 } },
  });
  expect(set.body).toMatchObject({
    group_by: 'label:store',
    hold_down_seconds: 60,
    flapping: { changes: 5, within_seconds: 600 },
    group_window_seconds: 300,
    defaults: { group_by: 'site', flapping: { changes: 3 } },
    set: ['group_by', 'hold_down_seconds', 'flapping'],
  });
  expect((await tenant.call('GET', '/incidents/settings')).body).toEqual(set.body);
  const cleared = await tenant.call('PUT', '/incidents/settings', { body: {} });
  expect(cleared.body).toMatchObject({ group_by: 'site', set: [] });
  const wrong = await tenant.call('PUT', '/incidents/settings', { body: { group_by: 'moon' } });
  expect(wrong.status).toBe(400);
});
