import { afterAll, beforeAll, expect, test } from 'vitest';
import { parse } from 'yaml';
import { type TestApp, testApp } from '../../../../../test/support/app.ts';
import { type Tenant, testTenant } from '../../../../../test/support/tenants.ts';

let house: TestApp;
let alice: Tenant;
let bob: Tenant;

beforeAll(async () => {
  house = await testApp();
  alice = await testTenant(house, 'alice');
  bob = await testTenant(house, 'bob');
  await house.app.workOnce(1_000);
});
afterAll(() => house.close());

const manifest = {
  sites: [{ slug: 'club', name: 'Club', timezone: 'America/Halifax' }],
  devices: [
    { slug: 'router', site: 'club', type: 'network_connectivity' },
    { slug: 'bay-1', site: 'club', type: 'trackman_pc' },
  ],
  sources: [
    {
      slug: 'rmm',
      kind: 'ninjaone',
      name: 'NinjaOne',
      config: { region: 'eu', client_id: 'a', client_secret: 'a secret of ours' },
      interval: '2m',
    },
  ],
  checks: [
    { slug: 'shop', kind: 'http', config: { url: 'https://shop.example.com/' }, depends_on: ['wan'] },
    { slug: 'wan', config: { host: '192.0.2.1' }, device: 'router', timeout: '500ms' },
    { slug: 'bay-1.rmm', kind: 'ninjaone', config: { source: 'rmm', ref: '4101' }, device: 'bay-1' },
    { slug: 'backup', kind: 'ping', config: { period: 3_600, grace: 60 } },
  ],
};
const apply = (body: object, more: object = {}, tenant = alice) =>
  tenant.call('POST', '/apply', { body: { manifest: body, ...more } });
const actions = (answer: { body: { plan: { action: string; kind: string; key: string }[] } }) =>
  answer.body.plan
    .filter(({ kind }) => kind === 'source' || kind === 'check')
    .map(({ action, key }) => `${action} ${key}`);

test('a file makes sources and the checks that judge by them, in any order', async () => {
  const planned = await apply(manifest, { dry_run: true });
  expect(planned.status, JSON.stringify(planned.body)).toBe(200);
  expect(actions(planned)).toEqual([
    'create rmm',
    'create wan',
    'create shop',
    'create bay-1.rmm',
    'create backup',
  ]);
  expect(JSON.stringify(planned.body)).not.toContain('a secret of ours');
  expect((await alice.call('GET', '/sources')).body.data).toEqual([]);

  const applied = await apply(manifest);
  expect(applied.status, JSON.stringify(applied.body)).toBe(200);
  expect((await alice.call('GET', '/sources/rmm')).body).toMatchObject({ name: 'NinjaOne', interval: 120 });
  expect((await alice.call('GET', '/checks/shop')).body.depends_on).toEqual(['wan']);
  expect((await alice.call('GET', '/checks/wan')).body).toMatchObject({
    kind: 'icmp',
    timeout: 0.5,
    interval: 15,
  });
});

test('applied again it changes nothing, nor does its export, which has no secret', async () => {
  const again = await apply(manifest, { prune: false });
  expect(actions(again).every((step) => step.startsWith('unchanged'))).toBe(true);
  const { body: text } = await alice.call('GET', '/manifest.yaml');
  expect(text).not.toContain('a secret of ours');
  const exported = parse(text);
  expect(exported.sources).toHaveLength(1);
  expect(exported.checks.map(({ slug }: { slug: string }) => slug)).toEqual([
    'backup',
    'bay-1.rmm',
    'shop',
    'wan',
  ]);
  const same = await apply(exported, { dry_run: true, prune: true });
  expect(same.status, JSON.stringify(same.body)).toBe(200);
  expect(actions(same).filter((step) => !step.startsWith('unchanged'))).toEqual([]);
});

test('an entry changes only its own fields, and prune deletes what is not named', async () => {
  const [source] = manifest.sources;
  const changed = await apply(
    {
      sources: [{ slug: 'rmm', kind: 'ninjaone', config: { ...source?.config, client_secret: 'another' } }],
      checks: [{ slug: 'shop', config: { url: 'https://shop.example.com/' }, interval: 30, depends_on: [] }],
    },
    { prune: true },
  );
  expect(changed.status, JSON.stringify(changed.body)).toBe(200);
  expect(changed.body.plan.slice(0, 2)).toMatchObject([
    { action: 'update', key: 'rmm', changes: [{ field: 'config', to: { client_secret: '*** (new)' } }] },
    {
      action: 'update',
      key: 'shop',
      changes: [
        { field: 'interval', to: 30 },
        { field: 'depends_on', to: [] },
      ],
    },
  ]);
  const { data } = (await alice.call('GET', '/checks')).body;
  expect(data.map(({ slug }: { slug: string }) => slug)).toEqual(['shop', 'source:rmm']);
  expect((await alice.call('GET', '/sources/rmm')).body).toMatchObject({ name: 'NinjaOne', interval: 120 });
});

test.each<[string, object, string]>([
  ['a source twice', { sources: [manifest.sources[0], manifest.sources[0]] }, 'manifest.sources.1.slug'],
  [
    'a source without its secret',
    { sources: [{ slug: 'new', kind: 'ninjaone', config: { client_id: 'a', client_secret: '***' } }] },
    'manifest.sources.0.config.client_secret',
  ],
  [
    'a check of an unknown source',
    { checks: [{ slug: 'x', kind: 'ninjaone', config: { source: 'none', ref: '1' } }] },
    'manifest.checks.0.config.source',
  ],
  [
    'a check that only comes with a source',
    { checks: [{ slug: 'x', kind: 'source', config: { source: 'rmm' } }] },
    '',
  ],
  [
    'checks in a circle',
    {
      checks: ['a', 'b'].map((slug) => ({
        slug,
        kind: 'icmp',
        config: { host: '192.0.2.1' },
        depends_on: [slug === 'a' ? 'b' : 'a'],
      })),
    },
    'manifest.checks.1.depends_on',
  ],
])(
  'a file with %s is refused with the place in the file, and nothing is made',
  async (_what, wrong, field) => {
    const answer = await apply(wrong, {}, bob);
    expect(answer.status).toBe(field === '' ? 409 : 400);
    if (field !== '') expect(answer.body.errors[0].field).toBe(field);
    expect((await bob.call('GET', '/checks')).body.data).toEqual([]);
  },
);
