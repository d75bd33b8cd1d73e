import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hashSecret, newId } from '#platform/ids';
import { type TestApp, testApp } from '../../../../test/support/app.ts';
import { findDeviceByToken, issueDeviceToken, revokeDeviceToken } from './device-tokens/device-tokens.ts';
import { givenMember, givenOrganization } from './people.fixture.ts';
import { providerScopeOfKey } from './provider-key.fixture.ts';

let house: TestApp;
let acme: { id: string; slug: string };
let other: { id: string; slug: string };

beforeAll(async () => {
  house = await testApp();
  acme = await givenOrganization(house, 'acme');
  other = await givenOrganization(house, 'other');
  await givenMember(house, 'acme', 'alice', 'owner');
  await givenMember(house, 'other', 'mallory', 'owner');
});
afterAll(() => house.close());

async function rowsSeen(table: string): Promise<Record<string, unknown>[]> {
  return await house.ctx.db.tenant(acme.id, async (tx) => {
    const { rows } = await sql<Record<string, unknown>>`select * from ${sql.table(table)}`.execute(tx);
    return rows;
  });
}

describe('row-level security', () => {
  it('shows a tenant only its own organization, members and records', async () => {
    expect((await rowsSeen('organizations')).map((row) => row.slug)).toEqual(['acme']);
    for (const table of ['members', 'audit_log']) {
      const rows = await rowsSeen(table);
      expect(rows.length).toBeGreaterThan(0);
      expect(new Set(rows.map((row) => row.organization_id))).toEqual(new Set([acme.id]));
    }
  });

  it('shows a tenant only names and addresses from the accounts of its own members', async () => {
    const emails = await house.ctx.db.tenant(
      acme.id,
      async (tx) => (await sql<{ email: string }>`select email from users`.execute(tx)).rows,
    );
    expect(emails).toEqual([{ email: 'alice@acme.example' }]);
    await expect(rowsSeen('users')).rejects.toMatchObject({ code: '42501' });
  });

  it.each(['sessions', 'accounts', 'verifications', 'setup_links', 'identity_keys'])(
    'hides %s from tenants completely',
    async (table) => {
      await expect(rowsSeen(table)).rejects.toMatchObject({ code: '42501' });
    },
  );

  it('hides keys of provider scope from every tenant, and lets no tenant make one', async () => {
    const key = await providerScopeOfKey(house, ['read']);
    expect((await rowsSeen('api_keys')).filter((row) => row.organization_id === null)).toEqual([]);
    expect((await house.call('GET', '/api/v1/orgs/other', { token: key })).status).toBe(200);
    expect(
      (await house.call('POST', '/api/v1/orgs', { token: key, body: { slug: 'x', name: 'x' } })).status,
    ).toBe(403);
    const forged = house.ctx.db.tenant(acme.id, (tx) =>
      sql`insert into api_keys (id, organization_id, name, prefix, hash, scopes, created_by_kind, created_by_id, created_by_name, created_at)
        values (${newId()}, null, 'x', 'x', ${hashSecret('x')}, '{read}', 'user', 'x', 'x', now())`.execute(
        tx,
      ),
    );
    await expect(forged).rejects.toMatchObject({ code: '42501' });
  });

  it('does not let a tenant change another organization', async () => {
    const { numAffectedRows } = await house.ctx.db.tenant(acme.id, (tx) =>
      sql`update organizations set name = 'taken' where id = ${other.id}`.execute(tx),
    );
    expect(numAffectedRows).toBe(0n);
  });
});

describe('device tokens', () => {
  it('identify their device by the hash alone', async () => {
    const deviceId = newId();
    const token = await house.ctx.db.tenant(acme.id, (tx) => issueDeviceToken(tx, acme.id, deviceId));
    expect(token).toMatch(/^wkd_[\w-]{43}$/);
    expect(await findDeviceByToken(house.ctx.db.pool, hashSecret(token))).toEqual({
      organizationId: acme.id,
      deviceId,
    });
    const { rows } = await house.database.db.pool.query('select * from device_tokens');
    expect(JSON.stringify(rows)).not.toContain(token);
    expect(rows.find((row) => row.device_id === deviceId).last_used_at).toBeInstanceOf(Date);
  });

  it('are replaced by rotation and ended by revocation', async () => {
    const deviceId = newId();
    const issue = () => house.ctx.db.tenant(acme.id, (tx) => issueDeviceToken(tx, acme.id, deviceId));
    const first = await issue();
    const second = await issue();
    expect(await findDeviceByToken(house.ctx.db.pool, hashSecret(first))).toBeUndefined();
    expect(await findDeviceByToken(house.ctx.db.pool, hashSecret(second))).toMatchObject({ deviceId });
    await house.ctx.db.tenant(acme.id, (tx) => revokeDeviceToken(tx, deviceId));
    expect(await findDeviceByToken(house.ctx.db.pool, hashSecret(second))).toBeUndefined();
  });

  it('are not a credential of the API', async () => {
    const token = await house.ctx.db.tenant(acme.id, (tx) => issueDeviceToken(tx, acme.id, newId()));
    expect((await house.call('GET', '/api/v1/orgs/acme', { token })).status).toBe(401);
  });

  it('cannot be taken over by another tenant', async () => {
    const deviceId = newId();
    await house.ctx.db.tenant(acme.id, (tx) => issueDeviceToken(tx, acme.id, deviceId));
    const theft = house.ctx.db.tenant(other.id, (tx) => issueDeviceToken(tx, other.id, deviceId));
    await expect(theft).rejects.toMatchObject({ code: '42501' });
  });
});
