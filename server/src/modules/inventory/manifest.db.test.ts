import { readFile } from 'node:fs/promises';
import Type from 'typebox';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { systemScope } from '#modules/identity';
import type { Module } from '#platform/module';
import { createParts, type Parts } from '#platform/parts';
import { type TestApp, testApp } from '../../../../test/support/app.ts';
import { type Tenant, testTenant } from '../../../../test/support/tenants.ts';
import { modules } from '../../app.ts';
import { findDevice } from './devices/store.ts';
import { applyManifest } from './manifest/apply-manifest.ts';
import { manifestRegistry, openManifest } from './manifest/registry.ts';
import { defineManifestSection } from './manifest/section.ts';

let house: TestApp;
let number = 0;

beforeAll(async () => {
  house = await testApp();
});
afterAll(() => house.close());

/** What is put here stands before what the house has. */
function overParts(below: Parts): Parts {
  const own = createParts();
  const has = new Set<object>();
  return {
    put(part, value) {
      has.add(part);
      return own.put(part, value);
    },
    get: (part) => (has.has(part) ? own : below).get(part),
    ensure: below.ensure,
  };
}

const tenant = () => testTenant(house, `tenant-${++number}`);
const apply = (of: Tenant, manifest: unknown, options: { dry_run?: boolean; prune?: boolean } = {}) =>
  of.call('POST', '/apply', { body: { manifest, ...options } });
const steps = (answer: { body: { plan: { action: string; kind: string; key: string }[] } }) =>
  answer.body.plan.map((step) => `${step.action} ${step.kind} ${step.key}`);

const club = {
  device_types: [
    {
      slug: 'pos',
      name: 'POS',
      check_interval: '1m',
      timeout: '5s',
      retries: 1,
      alert_after_failures: 2,
      recover_after_successes: 1,
      check_method: 'http',
    },
  ],
  sites: [
    {
      slug: 'dartmouth',
      name: 'Dartmouth',
      timezone: 'america/halifax',
      opening_hours: {
        monday: [{ close: '22:00', open: '09:00' }],
        holidays: [{ date: '2026-12-25', closed: true }],
      },
      areas: [
        { slug: 'bay-1', name: 'Bay 1', kind: 'bay' },
        { slug: 'bay-2', name: 'Bay 2' },
      ],
    },
  ],
  devices: [
    { slug: 'bay-1-pc', site: 'dartmouth', area: 'bay-1', depends_on: ['router'] },
    { slug: 'till', name: 'Till', site: 'dartmouth', type: 'pos', depends_on: ['router'] },
    { slug: 'router', site: 'dartmouth' },
  ],
};
const clubSteps = [
  'device_type pos',
  'site dartmouth',
  'area dartmouth/bay-1',
  'area dartmouth/bay-2',
  'device bay-1-pc',
  'device till',
  'device router',
];

describe('POST /apply', () => {
  it('shows the plan of a dry run and writes nothing', async () => {
    const org = await tenant();
    const answer = await apply(org, club, { dry_run: true });
    expect(answer.status).toBe(200);
    expect(steps(answer)).toEqual(clubSteps.map((step) => `create ${step}`));
    expect(answer.body.tokens).toEqual({});
    expect((await org.call('GET', '/sites')).body.data).toEqual([]);
    expect((await org.call('GET', '/audit?action=site.created')).body.data).toEqual([]);
  });

  it('creates everything with tokens, and changes nothing the second time', async () => {
    const org = await tenant();
    const first = await apply(org, { organization: org.slug, ...club });
    expect(steps(first)).toEqual(clubSteps.map((step) => `create ${step}`));
    expect(Object.keys(first.body.tokens)).toEqual(['bay-1-pc', 'till', 'router']);
    expect((await org.call('GET', '/devices/bay-1-pc')).body).toMatchObject({
      site: 'dartmouth',
      area: 'bay-1',
      depends_on: ['router'],
    });
    expect((await org.call('GET', '/devices/till')).body).toMatchObject({ name: 'Till', type: 'pos' });
    expect((await org.call('GET', '/sites/dartmouth')).body.timezone).toBe('America/Halifax');

    const trail = async () => (await org.call('GET', '/audit')).body.data.length;
    const before = await trail();
    const second = await apply(org, { organization: org.slug, ...club });
    expect(steps(second)).toEqual(clubSteps.map((step) => `unchanged ${step}`));
    expect(second.body.tokens).toEqual({});
    expect(await trail()).toBe(before);
  });

  it('names the changes, and keeps everything that the file does not mention', async () => {
    const org = await tenant();
    await apply(org, club);
    const answer = await apply(org, {
      sites: [
        {
          slug: 'dartmouth',
          name: 'Dartmouth Crossing',
          timezone: 'America/Halifax',
          areas: [{ slug: 'bay-2', name: 'Bay 2', kind: 'bay' }],
        },
      ],
      devices: [{ slug: 'till', site: 'dartmouth', depends_on: [] }],
    });
    expect(answer.body.plan).toEqual([
      {
        action: 'update',
        kind: 'site',
        key: 'dartmouth',
        changes: [{ field: 'name', from: 'Dartmouth', to: 'Dartmouth Crossing' }],
      },
      {
        action: 'update',
        kind: 'area',
        key: 'dartmouth/bay-2',
        changes: [{ field: 'kind', from: null, to: 'bay' }],
      },
      {
        action: 'update',
        kind: 'device',
        key: 'till',
        changes: [{ field: 'depends_on', from: ['router'], to: [] }],
      },
    ]);
    expect((await org.call('GET', '/devices/till')).body).toMatchObject({
      name: 'Till',
      type: 'pos',
      depends_on: [],
    });
    expect((await org.call('GET', '/sites/dartmouth')).body).toMatchObject({
      opening_hours: { holidays: [{ date: '2026-12-25' }] },
      area_count: 2,
    });
    expect((await org.call('GET', '/audit?action=site.updated')).body.data[0]).toMatchObject({
      after: { name: 'Dartmouth Crossing' },
    });
  });

  it('reverses dependencies in one step, where single steps would make a circle', async () => {
    const org = await tenant();
    await apply(org, club);
    const answer = await apply(org, {
      devices: [
        { slug: 'router', site: 'dartmouth', depends_on: ['till'] },
        { slug: 'till', site: 'dartmouth', depends_on: [] },
      ],
    });
    expect(answer.status).toBe(200);
    expect((await org.call('GET', '/devices/router')).body.depends_on).toEqual(['till']);
  });

  it('deletes only with prune, and only within the sections of the file', async () => {
    const org = await tenant();
    await apply(org, club);
    const less = {
      sites: [{ slug: 'halifax', name: 'Halifax', timezone: 'America/Halifax' }],
      devices: [{ slug: 'till', site: 'halifax' }],
    };
    expect(steps(await apply(org, less))).toEqual(['create site halifax', 'update device till']);
    const pruned = await apply(org, less, { prune: true });
    expect(steps(pruned)).toEqual([
      'unchanged site halifax',
      'delete site dartmouth',
      'unchanged device till',
      'delete device bay-1-pc',
      'delete device router',
    ]);
    expect((await org.call('GET', '/sites')).body.data.map((site: { slug: string }) => site.slug)).toEqual([
      'halifax',
    ]);
    expect(
      (await org.call('GET', '/devices')).body.data.map((device: { slug: string }) => device.slug),
    ).toEqual(['till']);
    expect((await org.call('GET', '/device-types/pos')).status).toBe(200);
    expect((await org.call('GET', '/audit?action=device.deleted')).body.data).toHaveLength(2);
  });

  it('does not prune a site with devices that the file does not mention', async () => {
    const org = await tenant();
    await apply(org, club);
    const answer = await apply(org, { sites: [] }, { prune: true });
    expect(answer).toMatchObject({ status: 409, body: { code: 'conflict' } });
    expect((await org.call('GET', '/sites/dartmouth')).status).toBe(200);
  });

  it.each<[string, unknown, string]>([
    ['an unknown section', { channel: [] }, 'manifest.channel'],
    [
      'an unknown key',
      { sites: [{ slug: 'a', name: 'A', timezone: 'UTC', colour: 'red' }] },
      'manifest.sites.0.colour',
    ],
    ['a missing key', { sites: [{ slug: 'a', name: 'A' }] }, 'manifest.sites.0.timezone'],
    [
      'an invalid zone',
      { sites: [{ slug: 'a', name: 'A', timezone: 'Nowhere' }] },
      'manifest.sites.0.timezone',
    ],
    [
      'a slug twice',
      {
        devices: [
          { slug: 'a', site: 's' },
          { slug: 'a', site: 's' },
        ],
      },
      'manifest.devices.1.slug',
    ],
    ['an unknown site', { devices: [{ slug: 'a', site: 'nowhere' }] }, 'manifest.devices.0.site'],
    [
      'an unknown dependency',
      { ...club, devices: [{ slug: 'a', site: 'dartmouth', depends_on: ['ghost'] }] },
      'manifest.devices.0.depends_on.0',
    ],
    [
      'a circle',
      {
        ...club,
        devices: [
          { slug: 'a', site: 'dartmouth', depends_on: ['b'] },
          { slug: 'b', site: 'dartmouth', depends_on: ['a'] },
        ],
      },
      'manifest.devices.0.depends_on',
    ],
    ['the file of another organization', { organization: 'other', ...club }, 'manifest.organization'],
  ])('refuses the whole file with %s, and names the field', async (_name, manifest, field) => {
    const org = await tenant();
    const answer = await apply(org, manifest);
    expect(answer.status).toBe(400);
    expect(answer.body.errors.map((error: { field: string }) => error.field)).toContain(field);
    expect((await org.call('GET', '/sites')).body.data).toEqual([]);
    expect((await org.call('GET', '/devices')).body.data).toEqual([]);
  });

  it('needs a credential of this organization that may write', async () => {
    const [org, other] = [await tenant(), await tenant()];
    const body = { manifest: club };
    expect((await org.call('POST', '/apply', { body, token: null })).status).toBe(401);
    expect((await org.call('POST', '/apply', { body, token: org.readKey })).status).toBe(403);
    expect((await org.call('POST', '/apply', { body, token: other.key })).status).toBe(404);
  });

  it('accepts the example of this repository', async () => {
    const manifest = parse(
      await readFile(new URL('../../../../examples/watchkeeper.yaml', import.meta.url), 'utf8'),
    );
    const applyExample = () => house.call('POST', '/api/v1/default/apply', { body: { manifest } });
    const first = await applyExample();
    expect(first.status).toBe(200);
    expect(first.body.plan.every((step: { action: string }) => step.action === 'create')).toBe(true);
    const second = await applyExample();
    expect(second.body.plan.every((step: { action: string }) => step.action === 'unchanged')).toBe(true);
  });

  it('applies two files at once one after the other', async () => {
    const org = await tenant();
    const answers = await Promise.all([apply(org, club), apply(org, club)]);
    expect(answers.map((answer) => answer.status)).toEqual([200, 200]);
    expect(answers.map((answer) => Object.keys(answer.body.tokens).length).sort()).toEqual([0, 3]);
  });
});

describe('GET /manifest.yaml', () => {
  const rules = [
    {
      type: 'till_hot',
      name: 'Till runs hot',
      kind: 'threshold',
      config: { metric: 'cpu_usage', condition: { operator: '>', threshold: 90 } },
      severity: 'medium',
      site: 'dartmouth',
    },
  ];
  const channels = [
    {
      name: 'On call',
      kind: 'webhook',
      config: { url: 'http://127.0.0.1:8099/hook', secret: 'a secret of ours that is long enough' },
    },
  ];

  it('gives a file with all sections and no secret, which changes nothing when it is applied', async () => {
    const org = await tenant();
    const setUp = await apply(org, { ...club, rules, channels });
    expect(setUp.status, JSON.stringify(setUp.body)).toBe(200);

    const exported = await org.call('GET', '/manifest.yaml');
    expect(exported.status).toBe(200);
    expect(exported.headers['content-type']).toBe('application/yaml; charset=utf-8');
    expect(exported.body).not.toContain('a secret of ours');
    expect(exported.body).toContain("secret: '***'".replaceAll("'", '"'));

    const manifest = parse(exported.body);
    expect(Object.keys(manifest)).toEqual([
      'organization',
      'device_types',
      'sites',
      'devices',
      'rules',
      'channels',
    ]);
    const again = await apply(org, manifest, { dry_run: true, prune: true });
    expect(again.status, JSON.stringify(again.body)).toBe(200);
    expect(again.body.plan.length).toBeGreaterThan(clubSteps.length + 1);
    expect(again.body.plan.filter((step: { action: string }) => step.action !== 'unchanged')).toEqual([]);
  });

  it('mentions in a comment the things that a file cannot contain', async () => {
    const org = await tenant();
    await apply(org, { ...club, rules });
    const body = { ...rules[0], name: 'Till: hot [' };
    expect((await org.call('POST', '/rules', { body })).status).toBe(201);
    const { body: text } = await org.call('GET', '/manifest.yaml');
    expect(text).toMatch(/# {3}2 rules of the type till_hot: a file can name only one\./);
    expect(parse(text).rules.map((rule: { type: string }) => rule.type)).not.toContain('till_hot');
  });

  it('may be read by everybody with the right to read, and by nobody of another organization', async () => {
    const [org, other] = [await tenant(), await tenant()];
    expect((await org.call('GET', '/manifest.yaml', { token: org.readKey })).status).toBe(200);
    expect((await org.call('GET', '/manifest.yaml', { token: other.key })).status).toBe(404);
    expect((await org.call('GET', '/manifest.yaml', { token: null })).status).toBe(401);
  });
});

describe('sections of higher floors', () => {
  it('see the changes of the sections before them, and share the transaction', async () => {
    const seen: string[][] = [];
    const notes = defineManifestSection({
      key: 'notes',
      schema: Type.Array(Type.String()),
      async plan(run, wanted) {
        const items = wanted.map((device) => ({
          step: { action: 'create' as const, kind: 'note', key: device, changes: [] },
          apply: async () => {
            if (device === 'bad') throw new RangeError('a note that fails');
            const row = await findDevice(run.tx, run.scope.organizationId, device);
            seen.push([row?.slug ?? 'nothing', ...Object.keys(run.tokens)]);
          },
        }));
        return { items };
      },
      read: async () => ({ entries: [] }),
    });
    const bringsNotes: Module = { name: 'notes', manifest: async () => ({ sections: [notes] }) };
    const ctx = { ...house.ctx, parts: overParts(house.ctx.parts) };
    await openManifest(ctx, [...modules, bringsNotes]);
    expect(manifestRegistry(ctx).schema.properties).toHaveProperty('notes');
    const twice = { ...house.ctx, parts: overParts(house.ctx.parts) };
    await expect(openManifest(twice, [...modules, bringsNotes, bringsNotes])).rejects.toThrow(
      'has a section "notes" already',
    );

    const org = await tenant();
    const scope = systemScope(org.id, org.slug, 'test');
    const options = { dryRun: false, prune: false };
    await expect(applyManifest(ctx, scope, { ...club, notes: ['bad'] }, options)).rejects.toThrow(RangeError);
    expect((await org.call('GET', '/sites')).body.data).toEqual([]);
    const { plan } = await applyManifest(ctx, scope, { ...club, notes: ['till'] }, options);
    expect(plan.at(-1)).toEqual({ action: 'create', kind: 'note', key: 'till', changes: [] });
    expect(seen).toEqual([['till', 'bay-1-pc', 'till', 'router']]);
  });
});
