import { alertStatuses, attentionOf, suppressionReasons } from '@watchkeeper/contracts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newId } from '#platform/ids';
import { type AlertingHouse, alertingHouse, type Given } from '../house.fixture.ts';

let shared: AlertingHouse;
let given: Given;
let other: Given;
let id: string;

beforeAll(async () => {
  shared = await alertingHouse();
  other = await shared.newcomer();
  await silence(other, 'club', 'gate-9');
  given = await shared.newcomer();
  id = await silence(given, 'dartmouth', 'bay-1');
});
afterAll(() => shared[Symbol.asyncDispose]());

async function silence(who: Given, site: string, device: string): Promise<string> {
  await who.site(site, 'America/Halifax');
  await who.device(device, site);
  await who.beat(device, site);
  await who.pass(130);
  await who.tick();
  return (await who.alerts(`&device=${device}&status=active`))[0]?.id ?? '';
}

const problem = (answer: { status: number; body: { code?: string } }) => [answer.status, answer.body.code];
const lastAudit = async (who: Given, action: string) =>
  (await who.tenant.call('GET', `/audit?action=${action}`)).body.data[0];

describe('GET /alerts', () => {
  test.each([
    ['&status=open', 1],
    ['&status=active', 1],
    ['&status=resolved', 0],
    ['&severity=high', 1],
    ['&severity=low', 0],
    ['&type=device_offline', 1],
    ['&type=sync_lag_high', 0],
    ['&site=dartmouth', 1],
    ['&site=elsewhere', 0],
    ['&device=bay-1', 1],
    ['&device=bay-2', 0],
    ['&since=2026-01-01T00:00:00Z', 1],
    ['&since=2027-01-01T00:00:00Z', 0],
  ])('filters by %s', async (query, count) => {
    expect(await given.alerts(query)).toHaveLength(count);
  });

  test('pages by a cursor that neither skips nor repeats', async () => {
    const crowd = await shared.newcomer();
    await crowd.site('dartmouth');
    const slugs = Array.from({ length: 5 }, (_, index) => `bay-${index}`);
    for (const slug of slugs) {
      await crowd.device(slug, 'dartmouth');
      await crowd.beat(slug, 'dartmouth');
    }
    await crowd.pass(130);
    await crowd.tick();
    const seen: string[] = [];
    let cursor = '';
    for (let page = 0; page < 3; page += 1) {
      const answer = await crowd.tenant.call('GET', `/alerts?limit=2${cursor}`);
      seen.push(...answer.body.data.map((alert: { device_id: string }) => alert.device_id));
      cursor = `&cursor=${answer.body.next_cursor}`;
      expect(answer.body.next_cursor === null).toBe(page === 2);
    }
    expect(seen.sort()).toEqual(slugs);
  });

  test.each(['status=closed', 'severity=huge', 'limit=501', 'since=yesterday', 'cursor=abc', 'colour=red'])(
    'refuses ?%s with 400',
    async (query) => {
      expect((await given.tenant.call('GET', `/alerts?${query}`)).status).toBe(400);
    },
  );

  test('needs a credential, and shows nothing of another tenant', async () => {
    expect(
      problem(await given.house.call('GET', `/api/v1/${given.tenant.slug}/alerts`, { token: null })),
    ).toEqual([401, 'unauthenticated']);
    expect(
      problem(
        await given.house.call('GET', `/api/v1/${given.tenant.slug}/alerts`, { token: other.tenant.key }),
      ),
    ).toEqual([404, 'not_found']);
    expect((await given.alerts('&site=club')).length).toBe(0);
  });
});

describe('GET /alerts/{id}', () => {
  test('answers with the timeline and an ETag', async () => {
    const answer = await given.tenant.call('GET', `/alerts/${id}`);
    expect(answer).toMatchObject({
      status: 200,
      headers: { etag: '"1"' },
      body: {
        id,
        rule: { name: 'Device offline' },
        site: { slug: 'dartmouth' },
        site_timezone: 'America/Halifax',
        device: { slug: 'bay-1' },
        timeline: [{ kind: 'opened' }],
      },
    });
  });

  test('is 404 for another tenant’s alert, an unknown id and no id at all', async () => {
    for (const path of [`/alerts/${newId()}`, '/alerts/nonsense'])
      expect((await given.tenant.call('GET', path)).status).toBe(404);
    expect((await other.tenant.call('GET', `/alerts/${id}`)).status).toBe(404);
  });
});

describe('acknowledge and resolve', () => {
  test('are refused to readers, and to another tenant as if the alert did not exist', async () => {
    for (const [verb, body] of [
      ['acknowledge', {}],
      ['resolve', { reason: 'x' }],
    ] as const) {
      expect(
        problem(
          await given.tenant.call('POST', `/alerts/${id}/${verb}`, { body, token: given.tenant.readKey }),
        ),
      ).toEqual([403, 'forbidden']);
      expect(problem(await other.tenant.call('POST', `/alerts/${id}/${verb}`, { body }))).toEqual([
        404,
        'not_found',
      ]);
      expect(
        problem(
          await given.house.call('POST', `/api/v1/${given.tenant.slug}/alerts/${id}/${verb}`, {
            body,
            token: null,
          }),
        ),
      ).toEqual([401, 'unauthenticated']);
    }
  });

  test('refuse unknown input', async () => {
    expect(
      problem(await given.tenant.call('POST', `/alerts/${id}/acknowledge`, { body: { notes: 'x' } }))[0],
    ).toBe(400);
    expect(problem(await given.tenant.call('POST', `/alerts/${id}/resolve`, { body: {} }))).toEqual([
      400,
      'validation_failed',
    ]);
    expect(
      problem(await given.tenant.call('POST', `/alerts/${id}/resolve`, { body: { reason: ' ' } })),
    ).toEqual([400, 'validation_failed']);
    expect(
      problem(await given.tenant.call('POST', `/alerts/${id}/resolve`, { body: { reason: 'ok', by: 'me' } })),
    ).toEqual([400, 'unknown_field']);
  });

  test('answer with the alert, each with its audit row; a bare POST acknowledges', async () => {
    const acknowledged = await given.tenant.call('POST', `/alerts/${id}/acknowledge`);
    expect(acknowledged).toMatchObject({ status: 200, body: { id, status: 'acknowledged', version: 2 } });
    expect(await lastAudit(given, 'alert.acknowledged')).toMatchObject({
      target: { kind: 'alert', id },
      after: { status: 'acknowledged', note: null },
    });
    const resolved = await given.tenant.call('POST', `/alerts/${id}/resolve`, {
      body: { reason: 'cable was loose' },
    });
    expect(resolved).toMatchObject({
      status: 200,
      body: { id, status: 'resolved', resolved_reason: 'cable was loose', version: 3 },
    });
    expect(await lastAudit(given, 'alert.resolved')).toMatchObject({
      before: { status: 'acknowledged' },
      after: { status: 'resolved', reason: 'cable was loose' },
    });
    expect(problem(await given.tenant.call('POST', `/alerts/${id}/acknowledge`))).toEqual([409, 'conflict']);
    expect(
      problem(await given.tenant.call('POST', `/alerts/${id}/resolve`, { body: { reason: 'again' } })),
    ).toEqual([409, 'conflict']);
  });
});

describe('across tenants: /provider/alerts', () => {
  const provider = (query: string, token?: string) =>
    given.house.call('GET', `/provider/alerts?${query}`, token === undefined ? {} : { token });

  test('lists all tenants for the provider, and filters by tenant, store, device, severity, type and status', async () => {
    const { body } = await provider('status=active&limit=500');
    expect(new Set(body.data.map((alert: { tenant_id: string }) => alert.tenant_id)).size).toBeGreaterThan(1);
    const of = async (query: string) =>
      (await provider(query)).body.data.map((alert: { device_id: string }) => alert.device_id);
    expect(await of(`tenant_id=${other.tenant.slug}`)).toEqual(['gate-9']);
    expect(await of(`tenant_id=${other.tenant.id}`)).toEqual(['gate-9']);
    expect(await of('store_id=club')).toEqual(['gate-9']);
    expect(await of('device_id=gate-9&severity=high&type=device_offline&status=open')).toEqual(['gate-9']);
    expect(await of('store_id=club&status=resolved')).toEqual([]);
  });

  test('a tenant’s own key sees only its own alerts, and gets 404 for others', async () => {
    const { body } = await provider('limit=500', given.tenant.key);
    expect(new Set(body.data.map((alert: { tenant_id: string }) => alert.tenant_id))).toEqual(
      new Set([given.tenant.slug]),
    );
    expect((await provider(`tenant_id=${other.tenant.slug}`, given.tenant.key)).status).toBe(404);
    expect((await provider('tenant_id=nobody')).status).toBe(404);
    expect((await given.house.call('GET', '/provider/alerts', { token: null })).status).toBe(401);
    expect((await provider('tenant=x')).status).toBe(400);
  });

  test('acknowledges and resolves, audited in the tenant’s own log', async () => {
    const [alert] = await other.alerts('&status=open');
    const path = `/provider/alerts/${alert?.id}`;
    expect(
      (await given.house.call('POST', `${path}/ack`, { body: {}, token: given.tenant.key })).status,
    ).toBe(404);
    expect(
      (await given.house.call('POST', `${path}/ack`, { body: {}, token: other.tenant.readKey })).status,
    ).toBe(403);
    expect(await given.house.call('POST', `${path}/ack`, { body: { note: 'seen' } })).toMatchObject({
      status: 200,
      body: { status: 'acknowledged' },
    });
    expect(await given.house.call('POST', `${path}/resolve`, { body: { reason: 'replaced' } })).toMatchObject(
      { status: 200, body: { status: 'resolved' } },
    );
    expect(await lastAudit(other, 'alert.resolved')).toMatchObject({
      target: { id: alert?.id },
      after: { reason: 'replaced' },
    });
    expect((await given.house.call('POST', `/provider/alerts/${newId()}/ack`, { body: {} })).status).toBe(
      404,
    );
  });
});

describe('GET /overview', () => {
  test('counts open, acknowledged and muted alerts exactly as each alert reports itself', async () => {
    const fresh = await shared.newcomer();
    await fresh.site('dartmouth');
    await fresh.device('bay-1', 'dartmouth');
    await fresh.beat('bay-1', 'dartmouth');
    await fresh.pass(130);
    await fresh.tick();
    const [alert] = await fresh.alerts();
    const { pool } = fresh.house.ctx.db;
    const read = async (path: string) => (await fresh.tenant.call('GET', path)).body;
    for (const status of alertStatuses) {
      for (const suppressed of [null, ...suppressionReasons]) {
        const said = attentionOf({ status, suppressed_by: suppressed });
        await pool.query('update alerts set status = $2, suppressed_by = $3 where id = $1', [
          alert?.id,
          status,
          suppressed,
        ]);
        const { attention, sites, alerts } = await read('/overview');
        const one = {
          needs_you: 0,
          in_hand: 0,
          under_maintenance: 0,
          muted: 0,
          ...(said === 'over' ? {} : { [said]: 1 }),
        };
        expect({ attention, of: sites[0].attention }, `${status} ${suppressed}`).toEqual({
          attention: one,
          of: one,
        });
        expect(sites[0].worst_severity === null).toBe(said !== 'needs_you');
        expect((await read(`/alerts/${alert?.id}`)).attention).toBe(said);
        expect(alerts.map((each: { attention: string }) => each.attention)).toEqual(
          said === 'over' ? [] : [said],
        );
      }
    }
    const standing = async (suppressed: string | null) => {
      await pool.query(`update alerts set status = 'open', suppressed_by = $2 where id = $1`, [
        alert?.id,
        suppressed,
      ]);
      return (await read('/overview')).sites[0].standing;
    };
    expect(await standing(null)).toBe('needs_you');
    expect(await standing('maintenance')).toBe('under_maintenance');
  });

  test('has in one answer the sites, the problems and the changes', async () => {
    const fresh = await shared.newcomer();
    await fresh.site('dartmouth', 'America/Halifax');
    await fresh.site('empty');
    await fresh.device('bay-1', 'dartmouth');
    await fresh.device('bay-2', 'dartmouth');
    await fresh.device('bay-3', 'dartmouth');
    await fresh.beat('bay-1', 'dartmouth');
    await fresh.pass(130);
    await fresh.beat('bay-2', 'dartmouth', { status: 'degraded' });
    await fresh.tick();
    const { status, body } = await fresh.tenant.call('GET', '/overview');
    expect(status).toBe(200);
    expect(body.devices).toMatchObject({ total: 3, offline: 1, degraded: 1, unknown: 1 });
    expect(body.sites).toMatchObject([
      {
        slug: 'dartmouth',
        timezone: 'America/Halifax',
        devices: { total: 3 },
        open_alerts: 1,
        worst_severity: 'high',
      },
      { slug: 'empty', devices: { total: 0 }, open_alerts: 0, worst_severity: null, last_seen_at: null },
    ]);
    expect(body.alerts).toMatchObject([
      { title: 'bay-1 stopped reporting', why: expect.stringContaining('the limit is 2 min') },
    ]);
    expect(body.alerts_total).toBe(1);
    expect(body.changes).toMatchObject([
      { kind: 'opened', actor: 'Watchkeeper', title: 'bay-1 stopped reporting' },
    ]);
    expect(body.watch).toMatchObject({ intake_up: true, suspected_our_outage_since: null });
    expect(body.watch.last_checked_at).not.toBeNull();
    expect(
      (await other.house.call('GET', `/api/v1/${fresh.tenant.slug}/overview`, { token: other.tenant.key }))
        .status,
    ).toBe(404);
  });
});
