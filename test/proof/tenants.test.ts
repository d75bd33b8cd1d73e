import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Answer, type TestApp, testApp } from '../support/app.ts';
import { fillPath, type Operation, operationsOf } from '../support/openapi.ts';

const probes = 1_000;

/** One tenant with one of everything; each name has a mark that the other tenant must never see. */
interface Tenant {
  slug: string;
  mark: string;
  key: string;
  /** Ids and slugs of everything it owns, by the name of the path parameter that takes them. */
  owned: Record<string, string[]>;
}

let house: TestApp;
let alice: Tenant;
let bob: Tenant;
let operations: Operation[];

async function must(answer: Promise<Answer>, status = 201): Promise<Answer['body']> {
  const { status: got, body } = await answer;
  if (got !== status) throw new Error(`expected ${status}, got ${got}: ${JSON.stringify(body)}`);
  return body;
}

async function furnish(slug: string, mark: string): Promise<Tenant> {
  const post = (path: string, body: unknown) => must(house.call('POST', path, { body }));
  await post('/api/v1/orgs', { slug, name: mark });
  const base = `/api/v1/${slug}`;
  // A job makes the default rules and device types.
  await house.app.workOnce(200);
  const site = await post(`${base}/sites`, { slug: `${slug}-site`, name: mark, timezone: 'UTC' });
  const area = await post(`${base}/sites/${slug}-site/areas`, { slug: `${slug}-area`, name: mark });
  const device = await post(`${base}/devices`, { slug: `${slug}-device`, name: mark, site: `${slug}-site` });
  const channel = await post(`${base}/channels`, {
    kind: 'webhook',
    name: mark,
    config: { url: `http://127.0.0.1:4567/${mark}` },
  });
  const window = await post(`${base}/maintenance`, {
    location: `${slug}-site`,
    systems: ['all'],
    start_time: '2098-01-01T00:00:00Z',
    end_time: '2098-01-01T01:00:00Z',
    reason: mark,
  });
  const check = await post(`${base}/checks`, {
    slug: `${slug}-check`,
    name: mark,
    kind: 'http',
    config: { url: `http://127.0.0.1:4567/${mark}` },
    device: `${slug}-device`,
  });
  const source = await post(`${base}/sources`, {
    slug: `${slug}-source`,
    name: mark,
    kind: 'ninjaone',
    config: { base_url: `http://127.0.0.1:4567`, client_id: mark, client_secret: mark },
  });
  const job = await post(`${base}/checks`, {
    slug: `${slug}-job`,
    name: mark,
    kind: 'ping',
    config: { period: 3_600 },
  });
  await must(house.call('POST', `${new URL(job.ping_url).pathname}/log`, { body: { mark } }), 200);
  const pingKey = await post(`${base}/ping-keys`, { name: mark });
  const key = await post(`${base}/api-keys`, {
    name: mark,
    scopes: [
      'read',
      'alerts:operate',
      'inventory:write',
      'telemetry:write',
      'rules:write',
      'channels:write',
      'members:write',
      'keys:write',
      'organization:write',
      'audit:read',
    ],
  });
  const rules = (await must(house.call('GET', `${base}/rules`), 200)).data;
  await must(
    house.call('POST', '/heartbeat', {
      token: device.token,
      body: {
        device_id: `${slug}-device`,
        tenant_id: slug,
        store_id: `${slug}-site`,
        status: 'online',
        sync_lag_sec: 400,
      },
    }),
    202,
  );
  await house.app.workOnce(200);
  const alerts = (await must(house.call('GET', `${base}/alerts`), 200)).data;
  expect(alerts.length).toBeGreaterThan(0);
  const incident = await post(`${base}/incidents`, { title: mark, severity: 'high', site: `${slug}-site` });
  const link = await post(`${base}/incidents/${incident.id}/links`, { url: `https://${mark}.example` });
  return {
    slug,
    mark,
    key: key.key,
    owned: {
      org: [slug],
      site: [`${slug}-site`, site.id],
      area: [`${slug}-area`, area.id],
      device: [`${slug}-device`, device.id],
      device_id: [`${slug}-device`, device.id],
      check: [`${slug}-check`, check.id, `${slug}-job`, job.id],
      n: ['1'],
      source: [`${slug}-source`, source.id],
      id: [
        channel.id,
        key.id,
        window.id,
        pingKey.id,
        ...rules.slice(0, 2).map((rule: { id: string }) => rule.id),
        ...alerts.map((alert: { id: string }) => alert.id),
        incident.id,
      ],
      incident: [incident.id],
      link: [link.id],
      alert: alerts.map((alert: { id: string }) => alert.id),
      slug: [`${slug}-site`],
    },
  };
}

beforeAll(async () => {
  house = await testApp();
  operations = operationsOf(house).filter(
    (operation) =>
      !/^\/(health|api\/auth|api\/setup|docs|openapi)/.test(operation.path) &&
      !operation.path.endsWith('/stream'),
  );
  alice = await furnish('alice', 'ALICEMARK');
  bob = await furnish('bob', 'BOBMARK');
});
afterAll(() => house.close());

/** Everything of Bob's that an answer to Alice might reveal. */
function betrays(body: string): string | undefined {
  const ids = Object.values(bob.owned)
    .flat()
    .filter((value) => value.length > 10);
  return [bob.mark, ...ids].find((secret) => body.includes(secret));
}

/** Bodies that pass validation, so that the probe reaches the permission check; every reference in a write is Bob's. */
const validBodies: readonly (readonly [RegExp, (pick: (name: string) => string) => unknown])[] = [
  [/\/orgs$/, () => ({ slug: 'probe-org', name: 'probe' })],
  [/\/orgs\/\{org\}$/, () => ({ name: 'probe' })],
  [/\/members$/, () => ({ email: 'probe@club.example', role: 'viewer' })],
  [/\/members\/\{id\}$/, () => ({ role: 'viewer' })],
  [/\/sites(\/\{site\})?$/, () => ({ slug: 'probe-site', name: 'probe', timezone: 'UTC' })],
  [/\/areas(\/\{area\})?$/, () => ({ slug: 'probe-area', name: 'probe' })],
  [
    /\/devices(\/\{device\})?$/,
    (pick) => ({
      slug: 'probe-device',
      name: 'probe',
      site: pick('site'),
      area: pick('area'),
      depends_on: [pick('device')],
    }),
  ],
  [
    /\/device-types(\/\{slug\})?$/,
    () => ({
      slug: 'probe-type',
      name: 'probe',
      check_interval: 30,
      timeout: 5,
      retries: 1,
      alert_after_failures: 2,
      recover_after_successes: 2,
      check_method: 'icmp',
    }),
  ],
  [
    /\/maintenance(\/\{id\})?$/,
    (pick) => ({
      location: pick('site'),
      systems: [pick('device')],
      start_time: '2098-02-01T00:00:00Z',
      end_time: '2098-02-01T01:00:00Z',
      reason: 'probe',
    }),
  ],
  [
    /\/checks(\/\{check\})?$/,
    (pick) => ({
      slug: 'probe-check',
      config: { url: 'http://127.0.0.1:4567/probe' },
      device: pick('device'),
      depends_on: [pick('check')],
    }),
  ],
  [
    /\/sources(\/\{source\})?$/,
    (pick) => ({
      slug: pick('source'),
      kind: 'ninjaone',
      config: { base_url: 'http://127.0.0.1:4567', client_id: 'probe', client_secret: 'probe' },
      site: pick('site'),
    }),
  ],
  [/\/incidents\/(acknowledge|unacknowledge|reopen)$/, (pick) => ({ ids: [pick('incident')] })],
  [/\/incidents\/resolve$/, (pick) => ({ ids: [pick('incident')], reason: 'probe' })],
  [/\/incidents$/, (pick) => ({ title: 'probe', severity: 'low', site: pick('site') })],
  [/\/incidents\/settings$/, () => ({ group_by: 'site' })],
  [/\/incidents\/\{id\}$/, () => ({ title: 'probe' })],
  [/\/incidents\/\{id\}\/assign$/, () => ({ user: null })],
  [/\/incidents\/\{id\}\/comment$/, () => ({ text: 'probe' })],
  [/\/incidents\/\{id\}\/snooze$/, () => ({ for: '1h' })],
  [/\/incidents\/\{id\}\/merge$/, (pick) => ({ incidents: [pick('incident')] })],
  [/\/incidents\/\{id\}\/split$/, (pick) => ({ alerts: [pick('alert')] })],
  [/\/incidents\/\{id\}\/links$/, () => ({ url: 'https://probe.example' })],
  [/\/incidents\/\{id\}\/note$/, () => ({ text: 'probe' })],
  [/\/links$/, (pick) => ({ ref: 'probe', device: pick('device') })],
  [/\/extend$/, () => ({ by: '5m' })],
  [/\/channels(\/\{id\})?$/, () => ({ kind: 'console', name: 'probe', config: {} })],
  [/\/ping-keys$/, () => ({ name: 'probe' })],
  [/\/api-keys$/, () => ({ name: 'probe', scopes: ['read'] })],
  [/\/alerts\/(acknowledge|unacknowledge|reopen)$/, (pick) => ({ ids: [pick('alert')] })],
  [/\/alerts\/resolve$/, (pick) => ({ ids: [pick('alert')], reason: 'probe' })],
  [/\/views\/\{name\}$/, () => ({ filter: { status: 'active' } })],
  [/\/(acknowledge|ack)$/, () => ({ note: 'probe' })],
  [/operations\/alerts\/\{id\}\/resolve$/, () => ({ resolution: 'probe', action_taken: 'none' })],
  [/operations\/config$/, () => ({ cpu_usage_threshold: 1 })],
  [/\/resolve$/, () => ({ reason: 'probe' })],
  [
    /\/apply$/,
    (pick) => ({ manifest: { devices: [{ slug: 'probe-device', site: pick('site') }] }, dry_run: true }),
  ],
  [/\/events$/, (pick) => ({ type: 'sale', outcome: 'success', site: pick('site'), device: pick('device') })],
  [
    /\/metrics$/,
    (pick) => ({
      metric_type: 'SYSTEM',
      metric_category: 'cpu',
      metric_name: 'load',
      value: 1,
      unit: '%',
      source: 'probe',
      site: pick('site'),
      device: pick('device'),
    }),
  ],
  [
    /\/heartbeat$/,
    (pick) => ({ tenant_id: bob.slug, store_id: pick('site'), device_id: pick('device'), status: 'online' }),
  ],
  [
    /\/heartbeats$/,
    (pick) => [{ tenant_id: bob.slug, store_id: pick('site'), device_id: pick('device'), status: 'online' }],
  ],
  [
    /rules(\/\{id\})?$/,
    (pick) => ({
      type: 'probe',
      name: 'probe',
      kind: 'absence',
      config: { limit_seconds: 60 },
      severity: 'low',
      auto_resolve: true,
      cooldown: 60,
      site: pick('site'),
    }),
  ],
  [/\/backtest$/, () => ({ kind: 'absence', config: { limit_seconds: 60 } })],
];

function bodiesOf(operation: Operation): unknown[] {
  if (operation.body === undefined) return [undefined];
  const valid = validBodies.find(([pattern]) => pattern.test(operation.path))?.[1];
  return [{}, valid?.((name) => bob.owned[name]?.[0] ?? '') ?? { reason: 'probe' }];
}

/** Filters that could name another tenant's things, as query strings. */
function queriesOf(operation: Operation): string[] {
  const values: Record<string, string[]> = {
    tenant_id: [bob.slug],
    org: [bob.slug],
    store_id: bob.owned.site ?? [],
    site: bob.owned.site ?? [],
    device: bob.owned.device ?? [],
    area: bob.owned.area ?? [],
    source: bob.owned.source ?? [],
    alert: bob.owned.id ?? [],
    channel: bob.owned.id ?? [],
    q: [bob.mark],
    target: bob.owned.id ?? [],
  };
  const filters = operation.parameters
    .filter((parameter) => parameter.in === 'query')
    .flatMap((parameter) =>
      (values[parameter.name] ?? []).map((value) => `?${parameter.name}=${encodeURIComponent(value)}`),
    );
  return ['', ...filters];
}

test(`${probes} probes of one tenant at another's things: no row, id, count or message leaks`, {
  timeout: 300_000,
}, async () => {
  let done = 0;
  let refused = 0;
  const answered = new Map<number, number>();
  for (let round = 0; done < probes; round += 1) {
    for (const operation of operations) {
      for (const [body, query] of bodiesOf(operation).flatMap((one) =>
        queriesOf(operation).map((other) => [one, other] as const),
      )) {
        // Alternates between Bob's organization, and Alice's own with ids of Bob's things.
        const org = round % 2 === 0 ? bob.slug : alice.slug;
        const path = fillPath(operation.path, (name) => {
          if (name === 'org') return org;
          const choices = bob.owned[name] ?? bob.owned.id ?? [];
          return choices[(round + done) % choices.length] ?? '';
        });
        const answer = await house.http.inject({
          method: operation.method,
          url: path + query,
          headers: {
            authorization: `Bearer ${alice.key}`,
            ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          },
          ...(body === undefined ? {} : { payload: JSON.stringify(body) }),
        });
        done += 1;
        if (operation.path.includes('{org}') && answer.statusCode === 404) refused += 1;
        answered.set(answer.statusCode, (answered.get(answer.statusCode) ?? 0) + 1);
        const what = `${operation.method} ${path}${query} -> ${answer.statusCode} ${answer.body.slice(0, 300)}`;
        expect(answer.statusCode, what).toBeLessThan(500);
        // An answer may echo the caller's own input (a path, a slug), but not the mark or ids that the caller did not send.
        const said = `${path}${query} ${JSON.stringify(body ?? null)}`;
        const leak = betrays(answer.body);
        if (leak !== undefined && !said.includes(leak)) throw new Error(`${leak} got across: ${what}`);
        if (org === bob.slug && operation.path.includes('{org}'))
          expect(answer.statusCode, what).toSatisfy((status: number) => status === 404 || status === 400);
      }
    }
  }
  expect(done).toBeGreaterThanOrEqual(probes);
  expect(refused, 'most probes get past validation and are told "no such thing"').toBeGreaterThan(probes / 3);
  console.log(
    `${done} probes over ${operations.length} routes: ${[...answered]
      .sort()
      .map(([status, count]) => `${status} x ${count}`)
      .join(', ')}`,
  );
});

test("the other tenant's things are unchanged", async () => {
  const site = await house.call('GET', '/api/v1/bob/sites/bob-site');
  expect(site.body).toMatchObject({ name: bob.mark });
  const device = await house.call('GET', '/api/v1/bob/devices/bob-device');
  expect(device.body).toMatchObject({ name: bob.mark });
  expect((await house.call('GET', '/heartbeat/bob-device/status', { token: alice.key })).status).toBe(404);
});
