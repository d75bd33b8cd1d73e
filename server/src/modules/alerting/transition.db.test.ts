import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { newId } from '#platform/ids';
import { type AlertingHouse, alertingHouse, type Given } from './house.fixture.ts';
import {
  acknowledgeAlerts,
  changeSuppression,
  escalateAlerts,
  type Opening,
  openAlerts,
  resolveAlerts,
} from './transition.ts';

let shared: AlertingHouse;
let given: Given;
let site: string;
beforeAll(async () => {
  shared = await alertingHouse();
});
afterAll(() => shared[Symbol.asyncDispose]());
beforeEach(async () => {
  given = await shared.newcomer();
  site = await given.site('dartmouth');
});

const opening = (over: Partial<Opening> = {}): Opening => ({
  organizationId: given.tenant.id,
  ruleId: newId(),
  ruleName: 'Refunds',
  kind: 'spike',
  type: 'refund_spike',
  severity: 'medium',
  subject: `site:${site}`,
  siteId: site,
  deviceId: null,
  title: 'Refunds spike at dartmouth',
  why: '13 refunds in the last 1 h.',
  details: { count: 13 },
  cooldownSeconds: 600,
  ...over,
});
const open = (...openings: Opening[]) =>
  given.house.ctx.db.system((tx) => openAlerts(given.house.ctx, tx, openings));
const alice = { kind: 'user', id: 'u1', name: 'Alice' } as const;

async function timeline(
  id: string,
): Promise<{ kind: string; actor: { name: string }; why: string; note: string | null; details: object }[]> {
  return (await given.tenant.call('GET', `/alerts/${id}`)).body.timeline;
}

/** The outbox rows that notifications will read. */
async function published(): Promise<{ kind: string; alert_id: string }[]> {
  const { rows } = await given.house.ctx.db.pool.query(
    'select kind, alert_id from alert_transitions where planned_at is null and organization_id = $1 order by at, id',
    [given.tenant.id],
  );
  return rows;
}

describe('opening', () => {
  test('the same alert from eight transactions at once opens once, and is told once', async () => {
    const same = opening();
    const results = await Promise.all(Array.from({ length: 8 }, () => open(same)));
    expect(results.flat()).toHaveLength(1);
    expect(await given.alerts()).toHaveLength(1);
    const told = await published();
    expect(told).toHaveLength(1);
    expect(told[0]).toEqual({ kind: 'opened', alert_id: results.flat()[0]?.id });
  });

  test('two batches that overlap in different orders both finish, and every subject opens once', async () => {
    const many = Array.from({ length: 40 }, () => opening());
    const results = await Promise.all([
      open(...many),
      open(...many.toReversed()),
      open(...many.slice(20), ...many.slice(0, 20)),
    ]);
    expect(results.flat()).toHaveLength(40);
    expect(new Set((await given.alerts()).map((alert) => alert.id)).size).toBe(40);
  });

  test('a failed transaction leaves no alert, timeline or event', async () => {
    await expect(
      given.house.ctx.db.system(async (tx) => {
        await openAlerts(given.house.ctx, tx, [opening()]);
        throw new Error('on purpose');
      }),
    ).rejects.toThrow('on purpose');
    expect(await given.alerts()).toEqual([]);
    expect(await published()).toEqual([]);
  });

  test('within the cooldown after a resolution the same subject stays quiet, another does not', async () => {
    const first = opening();
    const [alert] = await open(first);
    await given.house.ctx.db.system((tx) =>
      resolveAlerts(given.house.ctx, tx, [{ alertId: alert?.id ?? '', why: 'over' }]),
    );
    given.clock.advance(599);
    expect(await open(first)).toEqual([]);
    expect(await open({ ...first, subject: 'site:other' })).toHaveLength(1);
    given.clock.advance(1);
    expect(await open(first)).toHaveLength(1);
  });
});

describe('acknowledging and resolving', () => {
  let id: string;
  beforeEach(async () => {
    id = (await open(opening()))[0]?.id ?? '';
  });

  test('two people who acknowledge at once leave one line in the timeline', async () => {
    const path = `/alerts/${id}/acknowledge`;
    const [one, other] = await Promise.all([
      given.tenant.call('POST', path, { body: { note: 'mine' } }),
      given.tenant.call('POST', path, { body: { note: 'no, mine' } }),
    ]);
    expect([one.status, other.status]).toEqual([200, 200]);
    expect((await timeline(id)).map((entry) => entry.kind)).toEqual(['opened', 'acknowledged']);
  });

  test('when two people resolve at once, one succeeds and the other is told that it is resolved', async () => {
    const path = `/alerts/${id}/resolve`;
    const answers = await Promise.all(
      ['a', 'b'].map((reason) => given.tenant.call('POST', path, { body: { reason } })),
    );
    expect(answers.map((answer) => answer.status).sort()).toEqual([200, 409]);
    expect((await timeline(id)).map((entry) => entry.kind)).toEqual(['opened', 'resolved']);
  });

  test('an acknowledgement and a recovery at once end as resolved, whichever comes first', async () => {
    const { ctx } = given.house;
    await Promise.all([
      ctx.db.system((tx) => acknowledgeAlerts(ctx, tx, [id], { actor: alice })),
      ctx.db.system((tx) => resolveAlerts(ctx, tx, [{ alertId: id, why: 'It is back.' }])),
    ]);
    expect((await given.alerts())[0]).toMatchObject({ status: 'resolved', resolved_reason: 'It is back.' });
    const kinds = (await timeline(id)).map((entry) => entry.kind);
    expect(kinds.filter((kind) => kind === 'resolved')).toHaveLength(1);
  });

  test('every transition records who, why and the note', async () => {
    await given.tenant.call('POST', `/alerts/${id}/acknowledge`, { body: { note: 'on my way' } });
    await given.tenant.call('POST', `/alerts/${id}/resolve`, { body: { reason: 'a training day' } });
    const entries = await timeline(id);
    expect(entries).toMatchObject([
      { kind: 'opened', actor: { name: 'Watchkeeper' }, why: '13 refunds in the last 1 h.', note: null },
      { kind: 'acknowledged', note: 'on my way' },
      { kind: 'resolved', why: 'a training day' },
    ]);
    expect((await published()).map((event) => event.kind)).toEqual(['opened', 'acknowledged', 'resolved']);
  });
});

describe('suppression and escalation', () => {
  test('is changed once and lifted once, and both are in the outbox', async () => {
    const { ctx } = given.house;
    const id = (await open(opening()))[0]?.id ?? '';
    const change = (by: 'maintenance' | null) =>
      ctx.db.system((tx) => changeSuppression(ctx, tx, [{ alertId: id, by, reason: 'Works on the line.' }]));
    expect(await change('maintenance')).toEqual([id]);
    expect(await change('maintenance')).toEqual([]);
    expect((await given.alerts())[0]).toMatchObject({
      suppressed_by: 'maintenance',
      suppressed_reason: 'Works on the line.',
    });
    expect(await change(null)).toEqual([id]);
    expect((await given.alerts())[0]).toMatchObject({ suppressed_by: null, suppressed_reason: null });
    expect((await published()).map((event) => event.kind)).toEqual(['opened', 'suppressed', 'unsuppressed']);
  });

  test('an alert escalates once, and never after somebody acknowledged it', async () => {
    const { ctx } = given.house;
    const [first, second] = await open(opening(), opening());
    const ids = [first?.id ?? '', second?.id ?? ''];
    await ctx.db.system((tx) => acknowledgeAlerts(ctx, tx, [ids[1] ?? ''], { actor: alice }));
    const escalate = () =>
      ctx.db.system((tx) =>
        escalateAlerts(
          ctx,
          tx,
          ids.map((alertId) => ({ alertId, level: 1, why: 'Nobody came.', details: {} })),
        ),
      );
    expect(await escalate()).toEqual([ids[0]]);
    expect(await escalate()).toEqual([]);
  });

  test('each level is recorded once, after the one before it, and never for what is suppressed meanwhile', async () => {
    const { ctx } = given.house;
    const id = (await open(opening()))[0]?.id ?? '';
    const escalate = (level: number) =>
      ctx.db.system((tx) =>
        escalateAlerts(ctx, tx, [{ alertId: id, level, why: 'Nobody came.', details: {} }]),
      );
    const suppress = (by: 'maintenance' | null) =>
      ctx.db.system((tx) => changeSuppression(ctx, tx, [{ alertId: id, by, reason: 'Works on the line.' }]));
    expect(await escalate(2)).toEqual([]);
    expect(await escalate(1)).toEqual([id]);
    await suppress('maintenance');
    expect(await escalate(2)).toEqual([]);
    await suppress(null);
    expect(await escalate(2)).toEqual([id]);
    expect(await escalate(2)).toEqual([]);
    const levels = (await timeline(id)).filter((entry) => entry.kind === 'escalated');
    expect(levels.map((entry) => entry.details)).toEqual([{ level: 1 }, { level: 2 }]);
  });
});
