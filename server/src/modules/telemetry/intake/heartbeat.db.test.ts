import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { devicesNeedAttention } from '#modules/telemetry';
import { type Answer, type TestApp, testApp } from '../../../../../test/support/app.ts';
import { type TestClock, testClock } from '../../../../../test/support/clock.ts';

let house: TestApp;
let clock: TestClock;
let slug = '';
let token = '';
let counter = 0;

beforeAll(async () => {
  clock = testClock();
  house = await testApp({ clock });
  await house.call('POST', '/api/v1/default/sites', {
    body: { slug: 'north', name: 'North', timezone: 'UTC' },
  });
  await house.call('POST', '/api/v1/default/sites', {
    body: { slug: 'south', name: 'South', timezone: 'UTC' },
  });
});
afterAll(() => house.close());

beforeEach(async () => {
  counter += 1;
  ({ slug, token } = await addDevice(`device-${counter}`));
});

async function addDevice(name: string): Promise<{ slug: string; token: string }> {
  const created = await house.call('POST', '/api/v1/default/devices', {
    body: { slug: name, site: 'north' },
  });
  expect(created.status).toBe(201);
  return { slug: name, token: created.body.token };
}

function payload(fields: object = {}) {
  return { device_id: slug, tenant_id: 'default', store_id: 'north', status: 'ok', ...fields };
}

const beat = (fields: object = {}): Promise<Answer> =>
  house.call('POST', '/heartbeat', { token, body: payload(fields) });
const batch = (heartbeats: unknown[], credential: string = token): Promise<Answer> =>
  house.call('POST', '/heartbeats', { token: credential, body: { heartbeats } });
const status = async () => (await house.call('GET', `/heartbeat/${slug}/status`, { token })).body;
const history = async (query = '') =>
  (await house.call('GET', `/heartbeat/${slug}/history${query}`, { token })).body;
const iso = (offsetSeconds = 0) => new Date(clock.now() + offsetSeconds * 1000).toISOString();

async function attentionJobs(): Promise<number> {
  const { rows } = await house.ctx.db.system((tx) =>
    sql<{ jobs: number }>`select count(*)::int as jobs from domain_events
      where event = ${devicesNeedAttention.name}`.execute(tx),
  );
  return rows[0]?.jobs ?? 0;
}

async function setStatus(word: string): Promise<void> {
  await house.ctx.db.system((tx) =>
    sql`update device_state set status = ${word} where device_id = (select id from devices where slug = ${slug})`.execute(
      tx,
    ),
  );
}

test('a first heartbeat is stored and answered with the new status, and makes the device online', async () => {
  expect((await status()).status).toBe('unknown');
  const answer = await beat({ cpu_usage: 41.5, app_version: '2.14.3', metrics: { queue_depth: 3 } });
  expect(answer.status).toBe(202);
  expect(answer.headers['x-request-id']).toBeTruthy();
  expect(answer.body).toEqual({
    accepted: true,
    duplicate: false,
    late: false,
    device_status: 'online',
    server_time: iso(),
    next_expected_at: iso(120),
  });
  expect(await status()).toMatchObject({
    status: 'online',
    status_since: iso(),
    last_seen_at: iso(),
    app_version: '2.14.3',
    values: { cpu_usage: 41.5, memory_usage: null },
    metrics: { queue_depth: 3 },
    source: { kind: 'heartbeat', fresh: true, age_seconds: 0 },
  });
});

test('the next heartbeats replace the state and are in history one by one', async () => {
  for (const sequence of [1, 2, 3]) {
    clock.advance(30);
    expect((await beat({ sequence, cpu_usage: sequence / 10 })).body.duplicate).toBe(false);
  }
  expect(await status()).toMatchObject({ sequence: 3, values: { cpu_usage: 0.3 } });
  const { data, resolution, next_cursor } = await history();
  expect(resolution).toBe('raw');
  expect(next_cursor).toBeNull();
  expect(data.map((point: { sequence: number }) => point.sequence)).toEqual([1, 2, 3]);
  expect(data[2]).toMatchObject({ at: iso(), status: 'ok', values: { cpu_usage: 0.3 } });
});

test.each([
  ['sequence', { sequence: 7 }],
  ['sent_at', { sent_at: '2026-03-02T11:59:59.250Z' }],
  ['both', { sequence: 9, sent_at: '2026-03-02T11:59:58Z' }],
])('a retry with the same %s is a duplicate and is stored once', async (_, fields) => {
  expect((await beat(fields)).body).toMatchObject({ accepted: true, duplicate: false });
  clock.advance(2);
  expect((await beat(fields)).body).toMatchObject({
    accepted: true,
    duplicate: true,
    device_status: 'online',
  });
  expect((await history()).data).toHaveLength(1);
  expect((await status()).last_seen_at).toBe(iso(-2));
});

test('a retry of an older heartbeat, after newer ones came, is a duplicate too', async () => {
  const first = { sequence: 1, sent_at: iso() };
  await beat(first);
  clock.advance(30);
  await beat({ sequence: 2, sent_at: iso() });
  clock.advance(1);
  expect((await beat(first)).body.duplicate).toBe(true);
  expect((await history()).data).toHaveLength(2);
});

test('the same heartbeat sent twice at once is stored once', async () => {
  const answers = await Promise.all(Array.from({ length: 8 }, () => beat({ sequence: 1, sent_at: iso() })));
  expect(answers.filter((answer) => answer.body.duplicate === false)).toHaveLength(1);
  expect((await history()).data).toHaveLength(1);
});

test('a heartbeat out of order fills history at its own time and moves nothing backwards', async () => {
  await beat({ sequence: 1, sent_at: iso(), cpu_usage: 1 });
  clock.advance(60);
  await beat({ sequence: 3, sent_at: iso(), cpu_usage: 3 });
  clock.advance(1);
  const late = await beat({ sequence: 2, sent_at: iso(-31), cpu_usage: 2, status: 'error' });
  expect(late.body).toMatchObject({ accepted: true, duplicate: false, late: true, device_status: 'online' });
  expect(await status()).toMatchObject({ last_seen_at: iso(-1), values: { cpu_usage: 3 }, status: 'online' });
  const { data } = await history();
  expect(data.map((point: { sequence: number }) => point.sequence)).toEqual([1, 2, 3]);
  expect(data[1].at).toBe(iso(-31));
});

test('a device whose clock is wrong by years is live, and its skew is reported', async () => {
  for (const step of [0, 30, 60]) {
    const sent = new Date(Date.UTC(1999, 0, 1) + step * 1000).toISOString();
    expect((await beat({ sent_at: sent, cpu_usage: step })).body).toMatchObject({
      late: false,
      device_status: 'online',
    });
    clock.advance(30);
  }
  const state = await status();
  expect(state.last_seen_at).toBe(iso(-30));
  expect(state.values.cpu_usage).toBe(60);
  expect(state.skew_ms).toBe(Date.UTC(1999, 0, 1) + 60_000 - (clock.now() - 30_000));
});

test('a clock that is set back by an hour makes only one heartbeat look late', async () => {
  await beat({ sent_at: iso() });
  const verdicts: boolean[] = [];
  for (let count = 0; count < 3; count += 1) {
    clock.advance(30);
    verdicts.push((await beat({ sent_at: iso(-3600) })).body.late);
  }
  expect(verdicts).toEqual([true, false, false]);
  expect(await status()).toMatchObject({ last_seen_at: iso(), skew_ms: -3_600_000 });
});

test('the status word of a device makes it online or degraded; an unknown word counts as a sign of life', async () => {
  for (const [word, expected] of [
    ['warning', 'degraded'],
    ['critical', 'degraded'],
    ['healthy', 'online'],
    ['Rebooted twice', 'online'],
  ]) {
    clock.advance(10);
    expect((await beat({ status: word })).body.device_status).toBe(expected);
  }
  expect((await status()).reported_status).toBe('Rebooted twice');
});

test('only a change of status, a watched device or a flagged value is published', async () => {
  const before = await attentionJobs();
  await beat({ sequence: 1 });
  const first = await attentionJobs();
  expect(first).toBeGreaterThan(before);
  clock.advance(30);
  await beat({ sequence: 2 });
  expect(await attentionJobs()).toBe(first);
  await setStatus('offline');
  clock.advance(30);
  expect((await beat({ sequence: 3 })).body.device_status).toBe('online');
  expect(await attentionJobs()).toBeGreaterThan(first);
  expect((await status()).status_since).toBe(iso());
});

test('a device under maintenance stays so, whatever it sends', async () => {
  await beat();
  await setStatus('maintenance');
  clock.advance(30);
  expect((await beat({ status: 'error' })).body.device_status).toBe('maintenance');
  expect((await status()).last_seen_at).toBe(iso());
});

test('a buffer that is sent an hour later fills history and leaves the device offline', async () => {
  await beat({ sequence: 1, sent_at: iso() });
  clock.advance(3600);
  await setStatus('offline');
  const jobs = await attentionJobs();
  const items = Array.from({ length: 20 }, (_, index) =>
    payload({ sequence: index + 2, sent_at: iso(-3500 + index * 30), cpu_usage: index }),
  );
  const answer = await batch(items);
  expect(answer.status).toBe(202);
  expect(answer.body).toMatchObject({ accepted: 20, late: 20, duplicates: 0, rejected: 0 });
  expect(await status()).toMatchObject({ status: 'offline', last_seen_at: iso(-3600) });
  expect(await attentionJobs()).toBe(jobs);
  const { data } = await history();
  expect(data).toHaveLength(21);
  expect(data[1].at).toBe(iso(-3500));
  expect((await batch(items)).body).toMatchObject({ accepted: 20, duplicates: 20 });
  expect((await history()).data).toHaveLength(21);
});

test('a heartbeat older than the kept history is accepted and not stored', async () => {
  await beat({ sent_at: iso() });
  const answer = await batch([payload({ sent_at: iso(-30 * 86_400) })]);
  expect(answer.body).toMatchObject({ accepted: 1, late: 1 });
  expect((await history('?hours=2400&resolution=raw')).data).toHaveLength(1);
});

test('a buffer that ends in the present makes the device live by its newest heartbeat', async () => {
  await beat({ sequence: 1, sent_at: iso() });
  clock.advance(600);
  await setStatus('offline');
  const items = [
    payload({ sequence: 2, sent_at: iso(-500) }),
    payload({ sequence: 3, sent_at: iso(-1), cpu_usage: 9 }),
  ];
  const answer = await batch(items);
  expect(answer.body.results.map((result: { late: boolean }) => result.late)).toEqual([true, false]);
  expect(await status()).toMatchObject({ status: 'online', last_seen_at: iso(-1), values: { cpu_usage: 9 } });
});

test('in a batch each item has its own result: bad ones are named, good ones stored', async () => {
  const other = await addDevice(`other-${counter}`);
  const answer = await batch([
    payload({ cpu_usage: 1 }),
    payload({ cpu_usage: 'hot' }),
    payload({ colour: 'red' }),
    payload({ status: undefined }),
    { ...payload(), device_id: other.slug },
    { ...payload(), device_id: 'ghost' },
    'not an object',
  ]);
  expect(answer.status).toBe(202);
  expect(answer.body).toMatchObject({ accepted: 3, rejected: 4 });
  const codes = answer.body.results.map((result: { error?: { code: string } }) => result.error?.code ?? 'ok');
  expect(codes).toEqual([
    'ok',
    'ok',
    'ok',
    'validation_failed',
    'device_mismatch',
    'not_found',
    'validation_failed',
  ]);
  expect(answer.body.results.map((result: { warnings?: string[] }) => result.warnings?.[0])).toEqual([
    undefined,
    'cpu_usage must be number; it was left out.',
    'colour is not a known field; it was left out.',
    ...Array.from({ length: 4 }),
  ]);
  expect(answer.body.results[3].error.errors[0].field).toBe('status');
  expect(answer.body.results[3].device_id).toBe(slug);
});

test('a credential with telemetry:write may send for many devices in one body, given as a bare array', async () => {
  const other = await addDevice(`peer-${counter}`);
  const answer = await house.call('POST', '/heartbeats', {
    body: [payload(), { ...payload(), device_id: other.slug }],
  });
  expect(answer.status).toBe(202);
  expect(answer.body.results.map((result: { device_status: string }) => result.device_status)).toEqual([
    'online',
    'online',
  ]);
});

test.each([
  ['an empty list', { heartbeats: [] }],
  ['a list that is too long', { heartbeats: Array.from({ length: 1001 }, () => ({})) }],
  ['a body of another shape', { beats: [] }],
  ['items that are not a list', { heartbeats: 'x' }],
])('a batch with %s is refused', async (_, body) => {
  const answer = await house.call('POST', '/heartbeats', { token, body });
  expect(answer.status).toBe(400);
  expect(answer.body.code).toBe('validation_failed');
});

const metrics = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, i) => [`m${i}`, i]));

test.each<[string, object, RegExp, object]>([
  ['an unknown field', { colour: 'red' }, /^colour is not a known field; it was left out\.$/, {}],
  ['text for a number', { cpu_usage: '12' }, /^cpu_usage must be number/, { cpu_usage: null }],
  ['nothing for a number', { cpu_usage: null }, /^cpu_usage must be number/, { cpu_usage: null }],
  ['a number beyond all measure', { cpu_usage: 1e300 }, /^cpu_usage must be <=/, { cpu_usage: null }],
  ['a negative share', { disk_usage: -1 }, /^disk_usage must be >= 0/, { disk_usage: null }],
  ['an invalid time', { sent_at: '2026-02-30T00:00:00Z' }, /^sent_at must be a date and time/, {}],
  ['a broken sequence', { sequence: 1.5 }, /^sequence must be integer/, {}],
  ['a control character', { app_version: 'a\u0000b' }, /^app_version must match/, {}],
  ['an object for text', { app_version: {} }, /^app_version must be string/, {}],
  ['metrics that are a list', { metrics: [1] }, /^metrics must be object/, {}],
  ['a metric that is not a number', { metrics: { a: 'b' } }, /^metrics\.a must be number/, {}],
  ['a metric with an odd name', { metrics: { '1 x': 1 } }, /^metrics\.1 x has a name/, {}],
  ['too many metrics', { metrics: metrics(33) }, /^metrics\.m32 is more than the 32/, {}],
])('%s is left out and named, and the heartbeat still counts', async (_, fields, warning, values) => {
  const answer = await beat({ memory_usage: 40, ...fields });
  expect(answer.status).toBe(202);
  expect(answer.body).toMatchObject({
    accepted: true,
    device_status: 'online',
    warnings: [expect.stringMatching(warning)],
  });
  expect(await status()).toMatchObject({ status: 'online', values: { memory_usage: 40, ...values } });
});

test('a heartbeat with many mistakes still counts, and has a few warnings', async () => {
  const odd = Object.fromEntries(Array.from({ length: 500 }, (_, i) => [`x${i}\n`, i]));
  const answer = await beat({ ...odd, cpu_usage: 'hot', metrics: { good: 1, bad: null } });
  expect(answer.status).toBe(202);
  expect(answer.body.warnings).toHaveLength(11);
  expect(answer.body.warnings.at(-1)).toBe('492 more fields were left out.');
  expect(answer.body.warnings.join('')).not.toContain('\n');
  expect((await status()).metrics).toEqual({ good: 1 });
});

test.each(['device_id', 'tenant_id', 'store_id', 'status'])(
  'a heartbeat without a valid %s is a 400 that names only this field',
  async (field) => {
    for (const value of [undefined, null, 5, '', {}]) {
      const answer = await beat({ [field]: value, colour: 'red', cpu_usage: 'hot' });
      expect(answer.status).toBe(400);
      expect(answer.headers['content-type']).toMatch(/problem\+json/);
      expect(answer.body.code).toBe('validation_failed');
      expect(answer.body.errors.map((error: { field: string }) => error.field)).toEqual([field]);
    }
  },
);

test.each([
  ...['down', 'failed', 'OFFLINE', 'Out of order', 'not_ok', 'error', 'unhealthy'].map((word) => [
    word,
    'degraded',
  ]),
  ...['ok', 'online', 'Healthy', 'running', 'ON AIR'].map((word) => [word, 'online']),
])('a device that says "%s" is %s', async (word, expected) => {
  expect((await beat({ status: word })).body).toMatchObject({ accepted: true, device_status: expected });
});

test('a wrong token is 401, no credential is 401, a token of another device is 409, an unknown device 404', async () => {
  const other = await addDevice(`stranger-${counter}`);
  const send = async (credential: string | null, body: object) =>
    (await house.call('POST', '/heartbeat', { token: credential, body })).status;
  expect(await send('wkd_wrong', payload())).toBe(401);
  expect(await send(null, payload())).toBe(401);
  expect(await send('wk_wrong', payload())).toBe(401);
  expect(await send(other.token, payload())).toBe(409);
  expect(await send(token, { ...payload(), tenant_id: 'someone-else' })).toBe(409);
  expect(await send(token, { ...payload(), device_id: 'ghost' })).toBe(404);
  const key = (await house.call('POST', '/heartbeat', { body: { ...payload(), device_id: 'ghost' } })).status;
  expect(key).toBe(404);
});

test('the token may come in X-Device-Token', async () => {
  const answer = await house.call('POST', '/heartbeat', {
    token: null,
    headers: { 'x-device-token': token },
    body: payload(),
  });
  expect(answer.status).toBe(202);
});

test('a key without telemetry:write is 403', async () => {
  const key = await house.call('POST', '/api/v1/default/api-keys', {
    body: { name: `r${counter}`, scopes: ['read'] },
  });
  const answer = await house.call('POST', '/heartbeat', { token: key.body.key, body: payload() });
  expect(answer.status).toBe(403);
});

test('a rotated token stops working and the new one works', async () => {
  await beat();
  const rotated = await house.call('POST', `/api/v1/default/devices/${slug}/token`, { body: {} });
  expect(rotated.status).toBe(201);
  const old = token;
  token = rotated.body.token;
  expect((await beat()).status).toBe(202);
  await expect
    .poll(async () => (await house.call('POST', '/heartbeat', { token: old, body: payload() })).status)
    .toBe(401);
});

test('a wrong store is a warning, and the heartbeat is stored', async () => {
  const answer = await beat({ store_id: 'south' });
  expect(answer.status).toBe(202);
  expect(answer.body.warnings[0]).toMatch(/"south".*"north"/);
});

test('a removed device is unknown from then on', async () => {
  await beat();
  expect((await house.call('DELETE', `/api/v1/default/devices/${slug}`)).status).toBe(204);
  await expect.poll(async () => (await beat()).status).toBe(401);
});

test('all kinds of values come back exactly as they were sent', async () => {
  const fields = {
    error_rate_5m: 0.1,
    request_latency_p95: 1234.5678,
    sync_lag_sec: 0,
    memory_usage: 2 / 3,
    cpu_usage: 1e14 + 0.5,
    disk_usage: 1e-7,
    metrics: { negative: -12.25, tiny: 5e-324, big: 123456789012345, third: 1 / 3 },
  };
  await beat(fields);
  const { data } = await history();
  const { metrics, ...values } = fields;
  expect(data[0].values).toEqual(values);
  expect(data[0].metrics).toEqual(metrics);
  expect((await status()).metrics).toEqual(metrics);
});
