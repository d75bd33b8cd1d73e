import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { lockDeviceStates } from '#modules/telemetry';
import { waitFor } from '../../../../../test/support/wait-for.ts';
import { applyFindings } from '../detection/apply-findings.ts';
import { readMoment } from '../detection/moment.ts';
import { tick } from '../detection/tick.ts';
import { type AlertingHouse, alertingHouse, type Given } from '../house.fixture.ts';
import { ruleKinds } from '../registry.ts';

let shared: AlertingHouse;
let given: Given;
beforeAll(async () => {
  shared = await alertingHouse();
});
afterAll(() => shared[Symbol.asyncDispose]());
beforeEach(async () => {
  given = await shared.newcomer();
  await given.site('dartmouth');
});

const open = () => given.alerts('&status=active&type=device_offline');

describe('a silent device', () => {
  test('is offline past the limit, with the reason in words, and back with its next heartbeat', async () => {
    const id = await given.device('bay-1', 'dartmouth');
    await given.beat('bay-1', 'dartmouth');
    await given.pass(120);
    await given.tick();
    expect(await open()).toEqual([]);
    await given.pass(5);
    await given.tick();
    const [alert] = await open();
    expect(alert).toMatchObject({
      status: 'open',
      severity: 'high',
      title: 'bay-1 stopped reporting',
      why: expect.stringMatching(
        /^No heartbeat for 2 min 5 s; the limit is 2 min\. Last heard 2026-03-\d\d 12:00:00 UTC\.$/,
      ),
      details: { silent_seconds: 125, limit_seconds: 120 },
      store_id: 'dartmouth',
      device_id: 'bay-1',
      suppressed_by: null,
    });
    expect(await given.statusOf(id)).toBe('offline');

    await given.pass(60);
    await given.tick();
    expect(await open()).toHaveLength(1);

    await given.beat('bay-1', 'dartmouth');
    await given.work();
    const [resolved] = await given.alerts('&status=resolved');
    expect(resolved).toMatchObject({
      id: alert?.id,
      resolved_by: 'Watchkeeper',
      resolved_reason: 'A heartbeat came just now; the limit is 2 min.',
    });
    expect(await given.statusOf(id)).toBe('online');
  });

  test('is not judged when it never sent a heartbeat', async () => {
    const id = await given.device('bay-1', 'dartmouth');
    await given.pass(86_400);
    await given.tick();
    expect(await given.alerts()).toEqual([]);
    expect(await given.statusOf(id)).not.toBe('offline');
  });

  test('is found by the tick when its recovery event was lost', async () => {
    await given.device('bay-1', 'dartmouth');
    await given.beat('bay-1', 'dartmouth');
    await given.pass(130);
    await given.tick();
    await given.beat('bay-1', 'dartmouth');
    await given.house.ctx.db.pool.query("delete from domain_events where event like 'telemetry.%'");
    await given.tick();
    expect(await open()).toEqual([]);
  });

  test('is offline at once when it falls silent again within the cooldown, and alerts when the cooldown ends', async () => {
    const id = await given.device('bay-1', 'dartmouth');
    await given.beat('bay-1', 'dartmouth');
    await given.pass(130);
    await given.tick();
    await given.beat('bay-1', 'dartmouth');
    await given.work();
    await given.pass(150);
    await given.tick();
    expect(await open()).toEqual([]);
    expect(await given.statusOf(id)).toBe('offline');
    await given.pass(149);
    await given.tick();
    expect(await open()).toEqual([]);
    await given.pass(1);
    await given.tick();
    expect((await open())[0]?.why).toMatch(/^No heartbeat for 5 min;/);
    expect(await given.alerts()).toHaveLength(2);
  });

  test('keeps its alert open when the rule does not resolve automatically', async () => {
    expect((await given.changeRule('device_offline', { auto_resolve: false })).status).toBe(200);
    const id = await given.device('bay-1', 'dartmouth');
    await given.beat('bay-1', 'dartmouth');
    await given.pass(130);
    await given.tick();
    await given.beat('bay-1', 'dartmouth');
    await given.tick();
    expect(await open()).toHaveLength(1);
    expect(await given.statusOf(id)).toBe('online');
  });

  test('loses its alert when it is deleted', async () => {
    await given.device('bay-1', 'dartmouth');
    await given.beat('bay-1', 'dartmouth');
    await given.pass(130);
    await given.tick();
    expect((await given.tenant.call('DELETE', '/devices/bay-1')).status).toBe(204);
    await given.work();
    expect((await given.alerts())[0]).toMatchObject({
      status: 'resolved',
      resolved_reason: 'The device was removed.',
    });
  });
});

describe('rules beside the template', () => {
  const rule = (over: object) => ({
    name: 'longer',
    kind: 'absence',
    type: 'device_gone',
    config: { limit_seconds: 600 },
    severity: 'critical',
    ...over,
  });

  test('a second, longer limit fires on a device that is already offline', async () => {
    expect((await given.tenant.call('POST', '/rules', { body: rule({}) })).status).toBe(201);
    await given.device('bay-1', 'dartmouth');
    await given.beat('bay-1', 'dartmouth');
    await given.pass(130);
    await given.tick();
    await given.pass(480);
    await given.tick();
    expect((await given.alerts('&status=open')).map((alert) => [alert.type, alert.severity])).toEqual([
      ['device_gone', 'critical'],
      ['device_offline', 'high'],
    ]);
  });

  test('a rule for one site ignores other sites', async () => {
    await given.site('halifax');
    expect(
      (
        await given.tenant.call('POST', '/rules', {
          body: rule({ config: { limit_seconds: 30 }, site: 'halifax' }),
        })
      ).status,
    ).toBe(201);
    for (const [slug, site] of [
      ['a', 'dartmouth'],
      ['b', 'halifax'],
    ] as const) {
      await given.device(slug, site);
      await given.beat(slug, site);
    }
    await given.pass(40);
    await given.tick();
    expect((await given.alerts()).map((alert) => alert.device_id)).toEqual(['b']);
  });

  test('a limit that is raised above the silence so far resolves and shows the device online', async () => {
    const id = await given.device('bay-1', 'dartmouth');
    await given.beat('bay-1', 'dartmouth');
    await given.pass(130);
    await given.tick();
    expect((await given.changeRule('device_offline', { config: { limit_seconds: 900 } })).status).toBe(200);
    await given.tick();
    expect(await open()).toEqual([]);
    expect(await given.statusOf(id)).toBe('online');
  });
});

describe('our own watch', () => {
  test('after a restart silence counts from zero, and open alerts stay as they were', async () => {
    await given.device('dead', 'dartmouth');
    await given.device('alive', 'dartmouth');
    await given.beat('dead', 'dartmouth');
    await given.pass(130);
    await given.beat('alive', 'dartmouth');
    await given.tick();
    const [before] = await given.alerts();
    expect(before).toMatchObject({ device_id: 'dead', status: 'open' });

    // We were away for an hour and have just come back.
    await given.pass(3600);
    await given.watch({ sinceSeconds: 0 });
    await given.tick();
    await given.pass(119);
    await given.tick();
    expect(await given.alerts()).toEqual([before]);

    // One full limit later we judge the device that never came back.
    await given.pass(2);
    await given.tick();
    expect((await given.alerts('&status=open')).map((alert) => alert.device_id).sort()).toEqual([
      'alive',
      'dead',
    ]);
  });

  test('while no process takes heartbeats, nothing fires and nothing resolves', async () => {
    await given.device('dead', 'dartmouth');
    await given.device('alive', 'dartmouth');
    await given.beat('dead', 'dartmouth');
    await given.pass(130);
    await given.beat('alive', 'dartmouth');
    await given.tick();
    const before = await given.alerts();
    given.clock.advance(600);
    await given.watch({ awake: false });
    await given.tick();
    expect(await given.alerts()).toEqual(before);
  });
});

describe('is it them, or us?', () => {
  async function fleet(sites: number, perSite: number): Promise<void> {
    for (let site = 0; site < sites; site += 1) {
      await given.site(`s${site}`);
      for (let device = 0; device < perSite; device += 1) {
        await given.device(`d${site}-${device}`, `s${site}`);
        await given.beat(`d${site}-${device}`, `s${site}`);
      }
    }
  }

  test('one site that loses power alerts at once', async () => {
    await fleet(2, 4);
    await given.pass(60);
    for (let device = 0; device < 4; device += 1) await given.beat(`d1-${device}`, 's1');
    await given.pass(65);
    await given.tick();
    expect((await open()).map((alert) => alert.store_id)).toEqual(['s0', 's0', 's0', 's0']);
  });

  test('a collapse across sites pauses judgement for one limit, says so, and opens alerts if it was real', async () => {
    await fleet(2, 4);
    await given.pass(125);
    await given.tick();
    expect(await given.alerts()).toEqual([]);
    const overview = await given.tenant.call('GET', '/overview');
    expect(overview.body.watch.suspected_our_outage_since).toMatch(/T12:02:05\.000Z$/);
    await given.pass(119);
    await given.tick();
    expect(await given.alerts()).toEqual([]);
    await given.pass(1);
    await given.tick();
    expect(await open()).toHaveLength(8);
  });

  test('a collapse that ends within the pause leaves no alert', async () => {
    await fleet(2, 4);
    await given.pass(125);
    await given.tick();
    await given.pass(30);
    for (const site of [0, 1])
      for (let device = 0; device < 4; device += 1) await given.beat(`d${site}-${device}`, `s${site}`);
    await given.tick();
    await given.pass(100);
    for (const site of [0, 1])
      for (let device = 0; device < 4; device += 1) await given.beat(`d${site}-${device}`, `s${site}`);
    await given.tick();
    expect(await given.alerts()).toEqual([]);
    expect((await given.tenant.call('GET', '/overview')).body.watch.suspected_our_outage_since).toBeNull();
  });
});

describe('a heartbeat and the sweep at the same time', () => {
  const blocked = async () => {
    const { rows } = await given.house.ctx.db.pool.query<{ n: number }>(
      'select count(*)::int as n from pg_locks l join pg_stat_activity s using (pid) where not l.granted and s.datname = current_database()',
    );
    return (rows[0]?.n ?? 0) > 0;
  };

  test('a heartbeat that commits while the sweep waits for its row leaves the device online and unalerted', async () => {
    const id = await given.device('bay-1', 'dartmouth');
    await given.beat('bay-1', 'dartmouth');
    await given.pass(130);
    const client = await given.house.ctx.db.pool.connect();
    await client.query('begin');
    await client.query('update device_state set last_seen_at = $2 where device_id = $1', [
      id,
      new Date(given.clock.now()),
    ]);
    const sweep = tick(given.house.ctx, AbortSignal.timeout(20_000));
    await waitFor('the sweep to wait for the row', blocked);
    await client.query('commit');
    client.release();
    await sweep;
    expect(await given.alerts()).toEqual([]);
    expect(await given.statusOf(id)).toBe('online');
  });

  test('a heartbeat that arrives while the sweep holds the row ends online and resolved', async () => {
    const id = await given.device('bay-1', 'dartmouth');
    await given.beat('bay-1', 'dartmouth');
    await given.pass(130);
    const { ctx } = given.house;
    let arriving: Promise<void> | undefined;
    await ctx.db.system(async (tx) => {
      const { moment } = await readMoment(ctx, tx);
      await lockDeviceStates(tx, [id]);
      await applyFindings(
        ctx,
        tx,
        await ruleKinds.get('absence').inspect(tx, moment, { deviceIds: [id] }),
        moment.now,
      );
      arriving = given.beat('bay-1', 'dartmouth');
      await waitFor('the heartbeat to wait for the row', blocked);
    });
    await arriving;
    await given.work();
    expect((await given.alerts()).map((alert) => alert.status)).toEqual(['resolved']);
    expect(await given.statusOf(id)).toBe('online');
  });

  test('many devices, sweeps and heartbeats at once: every device that reported last is online and has no open alert', async () => {
    const slugs = Array.from({ length: 12 }, (_, index) => `bay-${index}`);
    for (const slug of slugs) {
      await given.device(slug, 'dartmouth');
      await given.beat(slug, 'dartmouth');
    }
    for (let round = 0; round < 5; round += 1) {
      await given.pass(430);
      const sweeps = [
        tick(given.house.ctx, AbortSignal.timeout(20_000)),
        tick(given.house.ctx, AbortSignal.timeout(20_000)),
      ];
      await Promise.all([...sweeps, ...slugs.map((slug) => given.beat(slug, 'dartmouth'))]);
      await given.work();
      expect(await open()).toEqual([]);
      const { rows } = await given.house.ctx.db.pool.query(
        'select distinct status from device_state where organization_id = $1',
        [given.tenant.id],
      );
      expect(rows).toEqual([{ status: 'online' }]);
    }
  });
});

describe('a device that depends on another', () => {
  test('is suppressed, with the reason, when both fall silent, at any depth', async () => {
    await given.device('router', 'dartmouth');
    await given.device('switch', 'dartmouth', { depends_on: ['router'] });
    await given.device('camera', 'dartmouth', { depends_on: ['switch'] });
    for (const slug of ['camera', 'switch', 'router']) await given.beat(slug, 'dartmouth');
    await given.pass(130);
    await given.tick();
    const byDevice = new Map((await open()).map((alert) => [alert.device_id, alert]));
    expect(byDevice.get('router')).toMatchObject({ suppressed_by: null });
    expect(byDevice.get('switch')).toMatchObject({
      suppressed_by: 'dependency',
      suppressed_reason: 'It depends on router, which is down.',
    });
    expect(byDevice.get('camera')).toMatchObject({
      suppressed_by: 'dependency',
      suppressed_reason: 'It depends on switch, which is down.',
    });

    await given.beat('router', 'dartmouth');
    await given.work();
    await given.tick();
    const after = new Map((await open()).map((alert) => [alert.device_id, alert.suppressed_by]));
    expect(Object.fromEntries(after)).toEqual({ switch: null, camera: 'dependency' });
  });

  test('is suppressed later when its parent falls silent later', async () => {
    await given.device('router', 'dartmouth');
    await given.device('camera', 'dartmouth', { depends_on: ['router'] });
    await given.beat('camera', 'dartmouth');
    await given.pass(60);
    await given.beat('router', 'dartmouth');
    await given.pass(70);
    await given.tick();
    expect((await open()).map((alert) => [alert.device_id, alert.suppressed_by])).toEqual([['camera', null]]);
    await given.pass(60);
    await given.tick();
    const camera = (await open()).find((alert) => alert.device_id === 'camera');
    expect(camera?.suppressed_by).toBe('dependency');
    const timeline = (await given.tenant.call('GET', `/alerts/${camera?.id}`)).body.timeline;
    expect(timeline.map((entry: { kind: string }) => entry.kind)).toEqual(['opened', 'suppressed']);
  });
});

test('a limit in the environment also applies to existing rules', async () => {
  await given.device('bay-1', 'dartmouth');
  await given.beat('bay-1', 'dartmouth');
  await given.pass(10);
  await given.tick();
  expect(await given.alerts()).toEqual([]);
  const { ctx } = given.house;
  const shorter = {
    ...ctx,
    config: { ...ctx.config, heartbeat: { ...ctx.config.heartbeat, offlineSeconds: 2 } },
  };
  await tick(shorter, AbortSignal.timeout(20_000));
  expect((await open())[0]?.why).toMatch(/^No heartbeat for 10 s; the limit is 2 s\./);
});
