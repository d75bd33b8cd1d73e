import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { httpReceiver } from '../../../../../test/support/receivers.ts';
import { type AlertingHouse, alertingHouse, type Given } from '../house.fixture.ts';

let shared: AlertingHouse;
let given: Given;
beforeAll(async () => {
  shared = await alertingHouse({ OUTBOUND_ALLOW: '127.0.0.0/8' });
});
afterAll(() => shared[Symbol.asyncDispose]());
beforeEach(async () => {
  given = await shared.newcomer();
});

/** The example in the operations plan. */
const plan = {
  type: 'PERFORMANCE',
  severity: 'HIGH',
  title: 'Custom metric is high',
  message: 'The custom metric exceeded its threshold',
  metric: 'custom_metric',
  value: 95,
  threshold: 85,
};
const post = (body: object, token?: string) =>
  given.tenant.call('POST', '/alerts', { body, ...(token === undefined ? {} : { token }) });
const act = (id: string, verb: string, body: object = {}) =>
  given.tenant.call('POST', `/alerts/${id}/${verb}`, { body });
const external = async () =>
  (await given.tenant.call('GET', '/rules?kind=external')).body.data as {
    id: string;
    type: string;
    enabled: boolean;
  }[];

describe('an alert by hand', () => {
  test('opens with the given text, by the caller, under its own rule', async () => {
    const { status, body } = await post(plan);
    expect(status).toBe(201);
    expect(body).toMatchObject({
      ...{ type: 'performance', kind: 'external', severity: 'high', status: 'open', attention: 'needs_you' },
      title: plan.title,
      why: 'The custom metric exceeded its threshold. custom_metric is 95; the threshold is 85.',
      details: { metric: 'custom_metric', value: 95, threshold: 85 },
      rule: { name: 'Alerts by hand' },
    });
    const { timeline } = (await given.tenant.call('GET', `/alerts/${body.id}`)).body;
    expect(timeline).toMatchObject([{ kind: 'opened', actor: { kind: 'api_key' } }]);
    const { data } = (await given.tenant.call('GET', '/audit?action=alert.posted')).body;
    expect(data).toMatchObject([{ target: { id: body.id }, after: { severity: 'high', value: 95 } }]);
  });

  test('is told, acknowledged, resolved and told again, like every alert', async () => {
    await using receiver = await httpReceiver();
    const channel = { name: 'hook', kind: 'webhook', config: { url: receiver.url } };
    expect((await given.tenant.call('POST', '/channels', { body: channel })).status).toBe(201);
    const { id } = (await post(plan)).body;
    await given.work();
    expect((await act(id, 'acknowledge', { note: 'looking' })).body.status).toBe('acknowledged');
    expect((await act(id, 'resolve', { reason: 'restarted it' })).body.status).toBe('resolved');
    await given.work();
    const told = receiver.received.map((request) => JSON.parse(request.body).type);
    expect(told).toEqual(['incident.opened', 'incident.resolved']);
  });

  test('posted twice is one alert while it is open, and a new one afterwards', async () => {
    const first = await post(plan);
    const again = await post({ ...plan, value: 97, message: 'still' });
    expect([again.status, again.body.id]).toEqual([200, first.body.id]);
    const [one, other] = await Promise.all([1, 2].map(() => post({ ...plan, title: 'Both at once' })));
    expect([one?.status, other?.status].sort()).toEqual([200, 201]);
    expect(one?.body.id).toBe(other?.body.id);
    await act(first.body.id, 'resolve', { reason: 'gone' });
    const later = await post(plan);
    expect(later.status).toBe(201);
    expect(later.body.id).not.toBe(first.body.id);
  });

  test('is the same with the same dedup_key, whatever its text, and another with another key', async () => {
    const first = await post({ title: 'Backup failed', dedupKey: 'backup/db1' });
    expect((await post({ title: 'Backup failed again', dedup_key: 'backup/db1' })).body.id).toBe(
      first.body.id,
    );
    expect((await post({ title: 'Backup failed', dedup_key: 'backup/db2' })).status).toBe(201);
    expect(first.body).toMatchObject({ type: 'external', severity: 'medium', why: 'Backup failed' });
  });

  test('is the same with the same labels, in any order, and keeps them for grouping', async () => {
    const labels = { alertname: 'DiskFull', hostName: 'db1', empty: '' };
    const first = await post({ title: 'Disk full', labels });
    expect(first.body.details).toEqual({ labels: { alertname: 'DiskFull', hostName: 'db1' } });
    const again = await post({ title: 'Still full', labels: { hostName: 'db1', alertname: 'DiskFull' } });
    expect([again.status, again.body.id]).toEqual([200, first.body.id]);
    expect((await post({ title: 'Disk full', labels: { ...labels, hostName: 'db2' } })).status).toBe(201);
  });

  test('refuses labels that are too many or too long, in words', async () => {
    const long = await post({ title: 'x', labels: { text: 'a'.repeat(10_240) } });
    expect([long.status, long.body.errors[0].field]).toEqual([400, 'labels.text']);
    const names = (count: number, value: string) =>
      Object.fromEntries(Array.from({ length: count }, (_, index) => [`n${index}`, value]));
    expect((await post({ title: 'x', labels: names(65, 'a') })).status).toBe(400);
    const heavy = await post({ title: 'x', labels: names(20, 'a'.repeat(1_000)) });
    expect([heavy.status, heavy.body.detail]).toEqual([
      400,
      expect.stringMatching(/^labels: have 20050 characters/),
    ]);
  });

  test('is resolved by the same call with its end, which is audited', async () => {
    const now = () => new Date(given.clock.now()).toISOString();
    const { id } = (await post({ title: 'Backup failed', fingerprint: 'backup/db1' })).body;
    const over = await post({ title: 'Backup failed', fingerprint: 'backup/db1', ends_at: now() });
    expect([over.status, over.body.id, over.body.status]).toEqual([200, id, 'resolved']);
    const { data } = (await given.tenant.call('GET', '/audit?action=alert.resolved')).body;
    expect(data).toMatchObject([{ target: { id }, after: { status: 'resolved' } }]);
    const none = await post({ title: 'Backup failed', fingerprint: 'backup/db1', ends_at: now() });
    expect(none.status).toBe(404);
    const ahead = new Date(given.clock.now() + 60_000).toISOString();
    const later = await post({ title: 'Backup failed', ends_at: ahead });
    expect([later.status, later.body.errors[0].field]).toEqual([400, 'ends_at']);
  });

  test('belongs to its device and site, and is muted under maintenance', async () => {
    await given.site('dartmouth');
    await given.site('bedford');
    await given.device('bay-1', 'dartmouth');
    const at = new Date(given.clock.now());
    const window = {
      ...{ location: 'dartmouth', systems: ['bay-1'], reason: 'cabling', suppress_alerts: true },
      ...{ start_time: at.toISOString(), end_time: new Date(at.getTime() + 3_600_000).toISOString() },
    };
    expect((await given.tenant.call('POST', '/maintenance', { body: window })).status).toBe(201);
    await given.pass(1);
    await given.work();
    const { body } = await post({ title: 'Screen broken', device: 'bay-1', source: 'desk' });
    expect(body).toMatchObject({
      ...{ device_id: 'bay-1', store_id: 'dartmouth', suppressed_by: 'maintenance' },
      details: { source: 'desk' },
    });
    const wrong = await post({ title: 'x', device: 'bay-1', site: 'bedford' });
    expect([wrong.status, wrong.body.detail]).toEqual([
      400,
      'site: the device "bay-1" is at the site "dartmouth"',
    ]);
    expect((await post({ title: 'x', device: 'bay-7' })).body.errors).toMatchObject([{ field: 'device' }]);
    expect((await post({ title: 'x', site: 'nowhere' })).body.errors).toMatchObject([{ field: 'site' }]);
  });

  test('belongs to the rule of its type when there is one', async () => {
    const rule = { type: 'backup', name: 'Backups', kind: 'external', config: {}, severity: 'critical' };
    const created = await given.tenant.call('POST', '/rules', { body: rule });
    expect(created.status).toBe(201);
    const { body } = await post({ type: 'Backup', title: 'No backup last night' });
    expect(body).toMatchObject({ severity: 'critical', rule: { id: created.body.id } });
  });

  test('is refused above the limit of its rule, and when its rule is switched off', async () => {
    const put = async (change: object) => {
      const [rule] = await external();
      const full = {
        name: 'By hand',
        kind: 'external',
        type: 'external',
        config: {},
        cooldown: 0,
        ...change,
      };
      return await given.tenant.call('PUT', `/rules/${rule?.id}`, { body: full });
    };
    await post({ title: 'one' });
    expect((await put({ config: { open_max: 2 } })).status).toBe(200);
    expect((await post({ title: 'two' })).status).toBe(201);
    const third = await post({ title: 'three' });
    expect([third.status, third.body.code]).toEqual([409, 'conflict']);
    expect(third.body.detail).toMatch(/2 alerts of the rule "By hand" are open.*open_max/);
    expect((await put({ enabled: false })).status).toBe(200);
    expect((await post({ title: 'four' })).body.detail).toMatch(/switched off/);
    await given.tick();
    expect(await given.alerts('&status=active')).toEqual([]);
  });

  test('is accepted when its rule was deleted: no post is lost', async () => {
    await post({ title: 'one' });
    const [rule] = await external();
    await given.tenant.call('DELETE', `/rules/${rule?.id}`);
    expect((await post({ title: 'two' })).status).toBe(201);
  });

  test('survives the ticks of detection, which do not judge it', async () => {
    const { id } = (await post(plan)).body;
    await given.pass(600);
    await given.tick();
    expect(await given.alerts('&status=active')).toMatchObject([{ id }]);
    expect((await given.tenant.call('GET', `/alerts/${id}/signal`)).status).toBe(404);
  });

  test.each([
    [{}, 'title'],
    [{ title: 'x', severity: 'huge' }, 'severity'],
    [{ title: 'x', type: 'two words' }, 'type'],
    [{ title: 'x', value: 'ninety' }, 'value'],
    [{ title: 'x', colour: 'red' }, 'colour'],
  ])('%j is refused and names %s', async (body, field) => {
    const { status, body: problem } = await post(body);
    expect([status, problem.errors?.[0]?.field]).toEqual([400, field]);
  });

  test('needs more than the right to read', async () => {
    expect((await post(plan, given.tenant.readKey)).status).toBe(403);
  });

  test('can also be posted below /api/operations, in the organization of the credential', async () => {
    const call = (body: object) =>
      given.house.call('POST', '/api/operations/alerts', { token: given.tenant.key, body });
    const first = await call(plan);
    expect(first).toMatchObject({ status: 201, body: { tenant_id: given.tenant.slug } });
    expect((await call({ ...plan, org: given.tenant.slug })).status).toBe(200);
    expect((await call({ ...plan, org: 'default' })).status).toBe(404);
  });
});
