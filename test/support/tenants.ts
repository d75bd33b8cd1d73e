import type { Answer, TestApp } from './app.ts';

/** One organization and the credentials a test of permissions needs. */
export interface Tenant {
  readonly slug: string;
  readonly id: string;
  /** May do everything in this organization. */
  readonly key: string;
  /** May only read it. */
  readonly readKey: string;
  /** A call below `/api/v1/{org}`, with `key` by default. */
  call(
    method: 'GET' | 'POST' | 'PUT' | 'DELETE',
    path: string,
    options?: Parameters<TestApp['call']>[2],
  ): Promise<Answer>;
}

/** Makes a new organization. */
export async function testTenant(house: TestApp, slug: string): Promise<Tenant> {
  const created = await house.call('POST', '/api/v1/orgs', { body: { slug, name: slug } });
  if (created.status !== 201) throw new Error(`organization ${slug}: ${JSON.stringify(created.body)}`);
  const key = await apiKey(house, slug, [
    'read',
    'inventory:write',
    'rules:write',
    'channels:write',
    'telemetry:write',
    'alerts:operate',
    'audit:read',
    'oncall:write',
  ]);
  const readKey = await apiKey(house, slug, ['read']);
  return {
    slug,
    id: created.body.id,
    key,
    readKey,
    call: (method, path, options = {}) =>
      house.call(method, `/api/v1/${slug}${path}`, { token: key, ...options }),
  };
}

async function apiKey(house: TestApp, organization: string, scopes: string[]): Promise<string> {
  const created = await house.call('POST', `/api/v1/${organization}/api-keys`, {
    body: { name: scopes.join(' '), scopes },
  });
  if (created.status !== 201) throw new Error(`api key: ${JSON.stringify(created.body)}`);
  return created.body.key;
}
