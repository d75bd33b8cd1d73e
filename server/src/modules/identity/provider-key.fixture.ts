import type { Permission } from '@watchkeeper/contracts';
import { hashSecret, newId, newSecret } from '#platform/ids';
import type { TestApp } from '../../../../test/support/app.ts';

/** A key that belongs to no organization, as only the installation's own operator could put there. */
export async function providerScopeOfKey(house: TestApp, scopes: readonly Permission[]): Promise<string> {
  const key = newSecret('wk_');
  await house.ctx.db.pool.query(
    `insert into api_keys (id, organization_id, name, prefix, hash, scopes, created_by_kind, created_by_id, created_by_name, created_at)
     values ($1, null, 'provider', $2, $3, $4, 'system', 'test', 'test', now())`,
    [newId(), key.slice(0, 11), hashSecret(key), scopes],
  );
  return key;
}
