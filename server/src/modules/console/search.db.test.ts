import type { SearchHit } from '@watchkeeper/contracts/search';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type TestApp, testApp } from '../../../../test/support/app.ts';
import { type Tenant, testTenant } from '../../../../test/support/tenants.ts';

let house: TestApp;
let acme: Tenant;
let other: Tenant;

const fleet = 10_000;

beforeAll(async () => {
  house = await testApp();
  [acme, other] = [await testTenant(house, 'acme'), await testTenant(house, 'other')];
  for (const tenant of [acme, other]) {
    for (const [slug, name] of [
      ['dartmouth', 'Dartmouth'],
      ['bayside', 'Bayside'],
    ]) {
      await tenant.call('POST', '/sites', { body: { slug, name, timezone: 'UTC' } });
    }
    await tenant.call('POST', '/sites/dartmouth/areas', { body: { slug: 'bay-4', name: 'Bay 4' } });
    for (const [slug, name] of [
      ['bay-4-pc', 'Bay 4 PC'],
      ['till', 'Till'],
      ['gate', 'Gate at bay 4'],
    ]) {
      await tenant.call('POST', '/devices', {
        body: { slug, name, site: 'dartmouth', area: 'bay-4' },
      });
    }
  }
  // A job makes an organization's first rules.
  await house.app.workOnce(100);
});
afterAll(() => house.close());

async function find(q: string, tenant = acme): Promise<SearchHit[]> {
  const { status, body } = await tenant.call('GET', `/search?q=${encodeURIComponent(q)}`);
  expect(status).toBe(200);
  return body.data;
}
const names = (hits: SearchHit[]) => hits.map((hit) => `${hit.kind} ${hit.name}`);

describe('the global search', () => {
  test('puts exact names first, then names that begin with the text, then names that contain it', async () => {
    expect(names(await find('Bay 4'))).toEqual(['area Bay 4', 'device Bay 4 PC', 'device Gate at bay 4']);
  });

  test('finds by slug, by a part of a word, and by the site', async () => {
    expect(names(await find('bay-4-pc'))).toEqual(['device Bay 4 PC']);
    expect(names(await find('ate'))).toContain('device Gate at bay 4');
    expect(names(await find('pc dartm'))).toEqual(['device Bay 4 PC']);
    expect((await find('pc dartm'))[0]).toMatchObject({
      slug: 'bay-4-pc',
      site: { slug: 'dartmouth', name: 'Dartmouth' },
      status: 'unknown',
    });
  });

  test('finds rules by name, and nothing for an unknown text', async () => {
    expect(names(await find('refund')).some((name) => name.startsWith('rule '))).toBe(true);
    expect(await find('no such thing')).toEqual([]);
  });

  test('finds checks with their state, and maintenance windows by their reason', async () => {
    const check = {
      slug: 'shop',
      name: 'Web shop',
      kind: 'tcp',
      config: { host: 'shop.example', port: 443 },
    };
    await acme.call('POST', '/checks', { body: { ...check, site: 'dartmouth' } });
    await acme.call('POST', '/maintenance', {
      body: {
        ...{ slug: 'lamps', location: 'bayside', systems: ['all'], reason: 'New lamps' },
        ...{ start_time: '2099-01-01T10:00:00Z', end_time: '2099-01-01T11:00:00Z' },
      },
    });
    expect(await find('web shop')).toMatchObject([
      { kind: 'check', slug: 'shop', status: 'pending', site: { slug: 'dartmouth' } },
    ]);
    expect(await find('lamps')).toMatchObject([{ kind: 'maintenance', slug: 'lamps', name: 'New lamps' }]);
    expect(await find('web shop', other)).toEqual([]);
    await acme.call('DELETE', '/maintenance/lamps');
    expect(await find('lamps')).toEqual([]);
  });

  test('finds a source by its name, as one thing with the check that reads it', async () => {
    const secrets = { client_id: 'id', client_secret: 'only theirs' };
    await acme.call('POST', '/sources', {
      body: { slug: 'rmm', name: 'Head office RMM', kind: 'ninjaone', config: secrets, site: 'dartmouth' },
    });
    expect(await find('head office')).toMatchObject([
      {
        kind: 'source',
        slug: 'rmm',
        name: 'Head office RMM',
        status: 'pending',
        site: { slug: 'dartmouth' },
      },
    ]);
    expect(names(await find('rmm dartmouth'))).toEqual(['source Head office RMM']);
    expect(await find('head office', other)).toEqual([]);
    await acme.call('PUT', '/sources/rmm', {
      body: { name: 'Head office RMM', config: { client_id: 'id' }, enabled: false },
    });
    expect(await find('head office')).toMatchObject([{ kind: 'source', status: 'off' }]);
  });

  test('treats pattern characters as plain text', async () => {
    expect(await find('%')).toEqual([]);
    expect(await find("o'_\\")).toEqual([]);
  });

  test('shows an organization nothing of another, and a stranger nothing', async () => {
    const mine = new Set((await find('bay')).map((hit) => hit.id));
    expect((await find('bay', other)).some((hit) => mine.has(hit.id))).toBe(false);
    expect((await house.call('GET', `/api/v1/${acme.slug}/search?q=bay`, { token: null })).status).toBe(401);
    expect((await house.call('GET', `/api/v1/${acme.slug}/search?q=%20`)).status).toBe(400);
  });

  test('finds one of 10,000 devices, with the best match first', async () => {
    await house.ctx.db.tenant(acme.id, async (tx) => {
      await sql`
        insert into devices (organization_id, id, site_id, slug, name, created_at, updated_at)
        select ${acme.id}, gen_random_uuid(), (select id from sites where slug = 'bayside'), 'many-' || n, 'Kiosk ' || n, now(), now()
        from generate_series(1, ${fleet}::int) n`.execute(tx);
    });
    expect((await find('kiosk 777'))[0]?.name).toBe('Kiosk 777');
  });
});
