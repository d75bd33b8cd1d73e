import { HealthChecksApiClient } from 'healthchecks-io-client';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Answer, bootstrapKey, type TestApp, testApp } from '../../../../../test/support/app.ts';
import { type TestClock, testClock } from '../../../../../test/support/clock.ts';
import { type Tenant, testTenant } from '../../../../../test/support/tenants.ts';
import { runDueChecks } from '../../checks/index.ts';

let house: TestApp;
let clock: TestClock;
let alice: Tenant;
let bob: Tenant;
let turn = 0;

beforeAll(async () => {
  clock = testClock(new Date());
  house = await testApp({ clock, listen: true, env: { PING_RATE_LIMIT_PER_MINUTE: '0' } });
  bob = await testTenant(house, 'bob');
  await house.app.workOnce(1_000);
});
beforeEach(async () => {
  // Each test has an organization of its own.
  turn += 1;
  alice = await testTenant(house, `alice-${turn}`);
});
afterAll(() => house.close());

interface Sent {
  key?: string | null;
  body?: unknown;
  raw?: string;
  version?: 1 | 2 | 3;
}

async function api(method: 'GET' | 'POST' | 'DELETE' | 'OPTIONS', path: string, sent: Sent = {}) {
  const key = sent.key === undefined ? alice.key : sent.key;
  const payload = sent.raw ?? (sent.body === undefined ? undefined : JSON.stringify(sent.body));
  const answer = await house.http.inject({
    method,
    url: path.startsWith('/api') || path.startsWith('/badge/') ? path : `/api/v${sent.version ?? 3}${path}`,
    headers: key === null ? {} : { 'x-api-key': key },
    ...(payload === undefined ? {} : { payload }),
  });
  let body: Answer['body'];
  try {
    body = JSON.parse(answer.body);
  } catch {
    body = answer.body;
  }
  return { status: answer.statusCode, body, headers: answer.headers };
}

async function create(body: object, version: 1 | 2 | 3 = 3) {
  const made = await api('POST', '/checks/', { body, version });
  expect(made.status, JSON.stringify(made.body)).toBe(201);
  return made.body;
}

/** Silence is judged only for the time in which we watched. */
async function watched(): Promise<void> {
  const [now, since] = [new Date(clock.now()), new Date(clock.now() - 86_400_000)];
  await house.ctx.db.system((tx) =>
    sql`insert into watch_state (watching_since, last_beat_at) values (${since}, ${now})
      on conflict (singleton) do update set watching_since = ${since}, last_beat_at = ${now}`.execute(tx),
  );
}

async function pass(seconds: number): Promise<void> {
  clock.advance(seconds);
  await watched();
  await runDueChecks(house.ctx);
}

async function ping(check: { ping_url: string }, suffix = '', payload?: string): Promise<void> {
  const url = new URL(check.ping_url).pathname + suffix;
  const answer = await house.http.inject({
    method: 'POST',
    url,
    ...(payload === undefined ? {} : { payload }),
  });
  expect(answer.statusCode).toBe(200);
  await runDueChecks(house.ctx);
}

const isoSeconds = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00$/;

describe('a check', () => {
  test('is made, read, changed, paused, resumed and deleted by a stock client of Healthchecks', async () => {
    const client = new HealthChecksApiClient({ apiKey: alice.key, baseUrl: house.url });
    const made = await client.createCheck({
      name: 'Nightly Backup',
      tags: 'prod db',
      desc: 'pg_dump of the tills',
      timeout: 3_600,
      grace: 600,
    });
    expect(made).toMatchObject({
      name: 'Nightly Backup',
      slug: 'nightly-backup',
      tags: 'prod db',
      desc: 'pg_dump of the tills',
      timeout: 3_600,
      grace: 600,
      n_pings: 0,
      status: 'new',
      last_ping: null,
      next_ping: null,
      manual_resume: false,
      methods: '',
    });
    const uuid = made.ping_url.slice(-36);
    expect(made.update_url).toMatch(new RegExp(`/api/v1/checks/${uuid}$`));
    expect(made.pause_url).toBe(`${made.update_url}/pause`);

    expect((await client.getChecks(['prod'])).checks).toHaveLength(1);
    expect((await client.getChecks(['prod', 'web'])).checks).toHaveLength(0);
    expect(await client.getCheck(uuid)).toEqual(made);

    const changed = await client.updateCheck(uuid, {
      name: 'Backup',
      schedule: '30 3 * * *',
      tz: 'America/Halifax',
    });
    expect(changed).toMatchObject({
      name: 'Backup',
      slug: 'backup',
      tags: 'prod db',
      schedule: '30 3 * * *',
      tz: 'America/Halifax',
    });
    expect(changed.timeout).toBeUndefined();

    expect(await client.pauseCheck(uuid)).toMatchObject({ status: 'paused' });
    expect((await api('POST', `/checks/${uuid}/resume`)).body).toMatchObject({ status: 'new' });
    expect(await client.listPings(uuid)).toEqual({ pings: [] });
    expect(await client.listFlips(uuid, { seconds: 3_600 })).toEqual({
      flips: [{ timestamp: expect.stringMatching(isoSeconds), up: 0 }],
    });
    expect(await client.getIntegrations()).toEqual({ channels: [] });
    expect(await client.deleteCheck(uuid)).toMatchObject({ name: 'Backup' });
    await expect(client.getCheck(uuid)).rejects.toMatchObject({ statusCode: 404 });
    const { data } = (await alice.call('GET', '/audit')).body;
    expect(data.map((row: { action: string }) => row.action)).toEqual(
      expect.arrayContaining(['check.created', 'check.updated', 'check.deleted']),
    );
  });

  test('without a schedule is expected daily, with an hour of grace', async () => {
    expect(await create({})).toMatchObject({
      timeout: 86_400,
      grace: 3_600,
      tags: '',
      desc: '',
      status: 'new',
    });
  });

  test('is in the console and in our own API like any other', async () => {
    const made = await create({ name: 'Sync', slug: 'sync', tags: 'till', timeout: 60, methods: 'POST' });
    const { body } = await alice.call('GET', '/checks/sync');
    expect(body).toMatchObject({
      name: 'Sync',
      kind: 'ping',
      ping_url: made.ping_url,
      config: { period: 60, tags: ['till'], methods: 'POST', resume_on_ping: true },
    });
  });

  test('is found by its unique fields, and then changed instead of made twice', async () => {
    const body = { name: 'Once', tags: 'a  b', timeout: 120, unique: ['name', 'tags'] };
    const first = await create(body);
    const again = await api('POST', '/checks/', { body: { ...body, grace: 900 } });
    expect([again.status, again.body.uuid, again.body.grace]).toEqual([200, first.uuid, 900]);
    expect((await api('POST', '/checks/', { body: { ...body, tags: 'a' } })).status).toBe(201);
    // A unique field without a value matches nothing.
    expect((await api('POST', '/checks/', { body: { name: 'Once', unique: ['slug'] } })).status).toBe(201);
    const many = await Promise.all(
      Array.from({ length: 6 }, () =>
        api('POST', '/checks/', { body: { name: 'Racing', unique: ['name'] } }),
      ),
    );
    expect(many.map(({ status }) => status).sort()).toEqual([200, 200, 200, 200, 200, 201]);
  });

  test('accepts its own answer as a body, and changes nothing', async () => {
    const made = await create({
      name: 'Round trip',
      tags: 'x y',
      desc: 'first\nsecond',
      schedule: '*/5 * * * *',
      tz: 'Europe/Berlin',
      success_kw: 'DONE,OK',
      filter_http_body: true,
    });
    const back = await api('POST', `/checks/${made.uuid}`, { body: made });
    expect(back.status, JSON.stringify(back.body)).toBe(200);
    expect(back.body).toEqual(made);
  });

  test('keeps a given slug; in the older versions another name makes another slug', async () => {
    const one = await create({ name: 'Ünïcode & Söhne', slug: 'own' });
    expect((await api('POST', `/checks/${one.uuid}`, { body: { name: 'Other' } })).body.slug).toBe('own');
    expect(
      (await api('POST', `/checks/${one.uuid}`, { version: 2, body: { name: 'Größe' } })).body.slug,
    ).toBe('groe');
    expect((await create({ name: 'Größe' })).slug).toBe('groe-2');
    const taken = await api('POST', '/checks/', { body: { name: 'x', slug: 'groe' } });
    expect([taken.status, taken.body.error]).toEqual([409, expect.stringContaining('"groe"')]);
    expect((await api('GET', '/checks/?slug=groe')).body.checks).toHaveLength(1);
  });
});

describe('its standing', () => {
  test('goes from new to up, grace and down as time passes, with its flips and pings', async () => {
    const check = await create({ name: 'Job', timeout: 60, grace: 60 });
    const read = async (version: 1 | 2 | 3 = 3) =>
      (await api('GET', `/checks/${check.uuid}`, { version })).body;
    await ping(check, '/start');
    expect(await read()).toMatchObject({ status: 'new', started: true });
    expect(await read(1)).toMatchObject({ status: 'started', started: true });
    clock.advance(5);
    await ping(check, '', 'all good');
    expect(await read()).toMatchObject({
      status: 'up',
      started: false,
      n_pings: 2,
      last_duration: 5,
      last_ping: expect.stringMatching(isoSeconds),
      next_ping: expect.stringMatching(isoSeconds),
    });
    await pass(61);
    expect((await read()).status).toBe('grace');
    await pass(60);
    expect(await read()).toMatchObject({ status: 'down', next_ping: null });
    clock.advance(1);
    await ping(check, '/3', 'disk full');
    clock.advance(1);
    await ping(check);
    expect((await read()).status).toBe('up');

    const { flips } = (await api('GET', `/checks/${check.uuid}/flips/`)).body;
    expect(flips.map(({ up }: { up: number }) => up)).toEqual([1, 0, 1]);
    const middle = Date.parse(flips[1].timestamp) / 1_000;
    const between = (query: string) => api('GET', `/checks/${check.uuid}/flips/?${query}`);
    expect((await between(`start=${middle}&end=${middle + 1}`)).body.flips).toEqual([flips[1]]);
    expect((await between('seconds=1')).body.flips).toHaveLength(1);
    expect((await between('seconds=x')).status).toBe(400);

    const { pings } = (await api('GET', `/checks/${check.uuid}/pings/`)).body;
    expect(pings).toMatchObject([
      { n: 4, type: 'success', method: 'POST', body_url: null },
      { n: 3, type: 'fail', exitstatus: 3 },
      { n: 2, type: 'success', duration: 5, remote_addr: '127.0.0.1' },
      { n: 1, type: 'start' },
    ]);
    const body = await api('GET', new URL(pings[1].body_url).pathname);
    expect([body.status, body.body]).toEqual([200, 'disk full']);
    expect((await api('GET', `/checks/${check.uuid}/pings/4/body`)).status).toBe(404);
  });

  test('flips are also read from results that were summed up', async () => {
    const check = await create({ name: 'Old', timeout: 60, grace: 60 });
    await ping(check);
    await pass(121);
    const before = (await api('GET', `/checks/${check.uuid}/flips/`)).body.flips;
    expect(before).toHaveLength(2);
    clock.advance(7_200);
    await house.app.workOnce(1_000);
    await house.ctx.db.system((tx) => sql`delete from check_results`.execute(tx));
    expect((await api('GET', `/checks/${check.uuid}/flips/`)).body.flips).toEqual(before);
  });

  test('a ping resumes a paused check, unless manual_resume is set', async () => {
    const [auto, manual] = [
      await create({ name: 'Auto', timeout: 60, grace: 60 }),
      await create({ name: 'Manual', timeout: 60, grace: 60, manual_resume: true }),
    ];
    for (const check of [auto, manual]) {
      await ping(check);
      expect((await api('POST', `/checks/${check.uuid}/pause`, { body: {} })).body.status).toBe('paused');
      await ping(check, '/start');
      await ping(check, '/log');
      expect((await api('GET', `/checks/${check.uuid}`)).body.status).toBe('paused');
      await ping(check);
    }
    const read = async ({ uuid }: { uuid: string }) => (await api('GET', `/checks/${uuid}`)).body;
    expect(await read(auto)).toMatchObject({ status: 'up', next_ping: expect.any(String) });
    expect(await read(manual)).toMatchObject({ status: 'paused', manual_resume: true });
    expect((await api('GET', `/checks/${manual.uuid}/pings/`)).body.pings[0].type).toBe('ign');
    // It is expected again, so silence is found.
    await pass(121);
    expect((await read(auto)).status).toBe('down');
    const { data } = (await alice.call('GET', '/audit')).body;
    expect(data).toContainEqual(
      expect.objectContaining({
        action: 'check.updated',
        actor: expect.objectContaining({ name: 'check-in' }),
      }),
    );
    const twice = await api('POST', `/checks/${auto.uuid}/resume`);
    expect([twice.status, twice.body]).toEqual([409, { error: 'check is not paused' }]);
  });
});

describe('a key', () => {
  test('may be in the body of a POST', async () => {
    const made = await api('POST', '/checks/', { key: null, body: { api_key: alice.key, name: 'By body' } });
    expect(made.status).toBe(201);
    const paused = await api('POST', `/checks/${made.body.uuid}/pause`, {
      key: null,
      body: { api_key: alice.key },
    });
    expect(paused.body.status).toBe('paused');
    const wrong = await api('POST', '/checks/', { key: null, body: { api_key: 'wk_wrong', name: 'x' } });
    expect([wrong.status, wrong.body]).toEqual([401, { error: 'wrong api key' }]);
    const reader = await api('POST', '/checks/', { key: null, body: { api_key: alice.readKey, name: 'x' } });
    expect([reader.status, reader.body.error]).toEqual([403, expect.stringContaining('inventory:write')]);
  });

  test('that is missing or wrong is refused in the words of the original, whatever else is wrong', async () => {
    for (const raw of ['', '{"made_up": [', '[]', 'null', '{"api_key": 7}', '{"api_key": ""}']) {
      const none = await api('POST', '/checks/', { key: null, raw });
      expect([raw, none.status, none.body]).toEqual([raw, 401, { error: 'missing api key' }]);
    }
    const wrong = await api('GET', '/checks/', { key: 'X'.repeat(32) });
    expect([wrong.status, wrong.body]).toEqual([401, { error: 'wrong api key' }]);
    expect((await api('POST', '/checks/', { raw: '{"made_up": [' })).body.error).toBe(
      'could not parse request body',
    );
  });

  test('without an organization is refused with that reason', async () => {
    const answer = await api('GET', '/checks/', { key: bootstrapKey });
    expect([answer.status, answer.body.error]).toEqual([403, expect.stringContaining('Use an API key')]);
  });

  test('with only the read scope sees no address, and finds checks by their unique key', async () => {
    const made = await create({ name: 'Secret' });
    const { body } = await api('GET', '/checks/', { key: alice.readKey });
    const [check] = body.checks;
    for (const field of ['uuid', 'ping_url', 'update_url', 'pause_url', 'resume_url', 'channels'])
      expect(check[field]).toBeUndefined();
    expect(JSON.stringify(body)).not.toContain(made.uuid);
    expect(check.unique_key).toMatch(/^[0-9a-f]{40}$/);
    const found = await api('GET', `/checks/${check.unique_key}`, { key: alice.readKey });
    expect(found.body).toEqual(check);
    expect((await api('GET', `/checks/${check.unique_key}/flips/`, { key: alice.readKey })).body).toEqual({
      flips: [],
    });
    expect((await api('GET', `/checks/${check.unique_key}`, { key: bob.key })).status).toBe(404);
  });

  test('of another organization finds no check here', async () => {
    const { uuid } = await create({ name: 'Mine' });
    for (const [method, path] of [
      ['GET', ''],
      ['POST', ''],
      ['POST', '/pause'],
      ['DELETE', ''],
      ['GET', '/pings/'],
      ['GET', '/flips/'],
    ] as const) {
      const answer = await api(method, `/checks/${uuid}${path}`, { key: bob.key });
      expect([method, path, answer.status, answer.body]).toEqual([method, path, 404, { error: 'not found' }]);
    }
    expect((await api('GET', '/checks/', { key: bob.key })).body.checks).toEqual([]);
  });
});

describe('wrong input', () => {
  test.each<[object, string]>([
    [{ timeout: 59 }, 'timeout is too small'],
    [{ grace: 31_536_001 }, 'grace is too large'],
    [{ timeout: '60' }, 'timeout is not a number'],
    [{ name: 'x'.repeat(101) }, 'name is too long'],
    [{ name: null }, 'name is not a string'],
    [{ name: 'two\nlines' }, 'name holds control characters'],
    [{ slug: 'Not Lower' }, 'slug does not match pattern'],
    [{ slug: '-x' }, 'slug must begin and end with'],
    [{ schedule: 'every day' }, 'schedule must have five fields'],
    [{ schedule: '* * * * *', tz: 'Mars/Olympus' }, 'tz is not a valid timezone'],
    [{ methods: 'GET' }, 'methods has unexpected value'],
    [{ manual_resume: 'yes' }, 'manual_resume is not a boolean'],
    [{ unique: ['color'] }, 'unique has an item with unexpected value'],
    [{ unique: ['name'], name: '' }, 'name is empty'],
    [{ success_kw: 'OK' }, 'success_kw has no effect without the other'],
    [{ filter_http_body: true }, 'filter_http_body needs words'],
    [{ filter_subject: true, success_kw: 'OK' }, 'filter_subject is about e-mail'],
    [{ filter_default_fail: true }, 'filter_default_fail cannot be true'],
    [{ colour: 'red' }, 'colour is not a field'],
    [{ desc: 'a\u0000b' }, 'desc holds an item that is not text'],
  ])('%j is refused with the name of the field', async (body, words) => {
    const answer = await api('POST', '/checks/', { body });
    expect([answer.status, answer.body.error]).toEqual([
      400,
      expect.stringContaining(`json validation error: ${words}`),
    ]);
    expect((await api('GET', '/checks/')).body.checks).toEqual([]);
  });

  test('channels are accepted only when they are those that are told anyway, or none', async () => {
    // A new organization gets its rules.
    await house.app.workOnce(1_000);
    const made = [];
    for (const name of ['One', 'Two']) {
      const body = { name, kind: 'webhook', config: { url: 'https://hooks.example.com/x' } };
      const channel = await alice.call('POST', '/channels', { body });
      expect(channel.status, JSON.stringify(channel.body)).toBe(201);
      made.push(channel.body.id);
    }
    const all = made.toSorted().join(',');
    expect((await api('GET', '/channels/')).body.channels).toEqual(
      expect.arrayContaining([{ id: made[0], name: 'One', kind: 'webhook' }]),
    );
    for (const channels of ['*', '', 'One,Two', all])
      expect((await create({ channels })).channels, channels).toBe(all);
    const words = async (channels: string) =>
      (await api('POST', '/checks/', { body: { channels } })).body.error;
    expect(await words('One')).toContain('cannot choose its channels');
    expect(await words('Three')).toBe('invalid channel identifier: Three');
    expect(await words('One,')).toBe('empty channel identifier');
    // The rule names one channel: it is told, and is the only accepted choice.
    const [rule] = (await alice.call('GET', '/rules?kind=check_failure')).body.data;
    const { name, kind, config, severity, auto_resolve, cooldown } = rule;
    const told = await alice.call('PUT', `/rules/${rule.id}`, {
      body: { name, kind, config, severity, auto_resolve, cooldown, channels: ['Two'] },
    });
    expect(told.status, JSON.stringify(told.body)).toBe(200);
    expect((await create({ channels: 'Two' })).channels).toBe(made[1]);
    expect(await words(all)).toContain('cannot choose its channels');
  });
});

describe('badges', () => {
  test('are given out by tag, and served to everybody who has their address', async () => {
    const check = await create({ name: 'Till', tags: 'till <b>&', timeout: 60, grace: 60 });
    await create({ name: 'Web', tags: 'web' });
    await ping(check);
    const { badges } = (await api('GET', '/badges/', { key: alice.readKey })).body;
    expect(Object.keys(badges).sort()).toEqual(['*', '<b>&', 'till', 'web']);
    const get = async (url: string) => api('GET', new URL(url).pathname, { key: null });
    expect((await get(badges['*'].json)).body).toEqual({ status: 'up', total: 2, grace: 0, down: 0 });
    clock.advance(30);
    await pass(61);
    expect((await get(badges.till.json3)).body).toEqual({ status: 'late', total: 1, grace: 1, down: 0 });
    expect((await get(badges.till.json)).body.status).toBe('up');
    await pass(61);
    expect((await get(badges.till.shields)).body).toEqual({
      schemaVersion: 1,
      label: 'till',
      message: 'down',
      color: 'critical',
    });
    const svg = await get(badges['<b>&'].svg);
    expect([svg.status, svg.headers['content-type']]).toEqual([200, 'image/svg+xml; charset=utf-8']);
    expect(svg.body).toContain('&lt;b&gt;&amp;: down');
    expect(svg.body).not.toContain('<b>');
    expect(JSON.stringify(badges)).not.toContain(check.uuid);
    // Another tag, another organization or another format has another address.
    const till = new URL(badges.till.svg).pathname;
    for (const wrong of [
      till.replace('till.svg', 'web.svg'),
      till.replace(alice.id, bob.id),
      till.replace('.svg', '.png'),
      till.replace('/till.svg', '.svg'),
    ])
      expect([wrong, (await api('GET', wrong, { key: null })).status]).toEqual([wrong, 404]);
  });
});

test('the status says that the database answers; browsers may ask', async () => {
  const status = await api('GET', '/status/', { key: null });
  expect([status.status, status.body]).toEqual([200, 'OK']);
  const asked = await api('OPTIONS', '/checks/', { key: null });
  expect([asked.status, asked.headers['access-control-allow-headers']]).toEqual([
    204,
    'X-Api-Key, Content-Type',
  ]);
});

test('an organization with the name of a part of this API keeps its paths, and a new one cannot get such a name', async () => {
  const refused = await house.call('POST', '/api/v1/orgs', { body: { slug: 'checks', name: 'Checks' } });
  expect([refused.status, refused.body.errors[0].field]).toEqual([400, 'slug']);
  const old = await testTenant(house, 'older');
  await house.ctx.db.system((tx) =>
    sql`update organizations set slug = 'checks' where id = ${old.id}`.execute(tx),
  );
  const list = await house.call('GET', '/api/v1/checks/checks', { token: old.key });
  expect([list.status, list.body.data]).toEqual([200, []]);
});
