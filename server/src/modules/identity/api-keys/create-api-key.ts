import type { Permission } from '@watchkeeper/contracts';
import type { ApiKeyCreated } from '@watchkeeper/contracts/identity';
import { toInstant } from '@watchkeeper/contracts/instant';
import type { Ctx } from '#platform/context';
import { invalidField } from '#platform/errors';
import { hashSecret, newId, newSecret } from '#platform/ids';
import { audit } from '../audit/audit.ts';
import { requireAllOf } from '../principal.ts';
import { requirePermission, type Scope } from '../scope.ts';
import { insertApiKey } from './store.ts';
import { toApiKey } from './view.ts';

export const apiKeyPrefix = 'wk_';
/** `wk_` and eight characters: enough to recognise a key, far too little to use it. */
const shownLength = 11;

export async function createApiKey(
  ctx: Pick<Ctx, 'db' | 'clock'>,
  scope: Scope,
  input: { name: string; scopes: readonly Permission[]; expires_at?: string },
): Promise<ApiKeyCreated> {
  requirePermission(scope, 'keys:write');
  requireAllOf(scope.permissions, input.scopes, 'make such a key');
  const now = new Date(ctx.clock.now());
  const expiresAt = expiryOf(scope, input.expires_at);
  if (expiresAt !== null && expiresAt <= now) throw invalidField('expires_at', 'must lie in the future');
  const key = newSecret(apiKeyPrefix);
  return await ctx.db.tenant(scope.organizationId, async (tx) => {
    const row = await insertApiKey(tx, {
      id: newId(),
      organizationId: scope.organizationId,
      name: input.name,
      prefix: key.slice(0, shownLength),
      hash: hashSecret(key),
      scopes: input.scopes,
      expiresAt,
      createdBy: scope.caller,
      now,
    });
    if (row === undefined) throw new Error('The key that was just made is not there.');
    const view = toApiKey(row);
    await audit(tx, scope, {
      action: 'api_key.created',
      target: { kind: 'api_key', id: row.id, name: row.name },
      after: { name: row.name, prefix: row.prefix, scopes: row.scopes, expires_at: view.expires_at },
    });
    return { ...view, key };
  });
}

/**
 * A key cannot live longer than the credential that created it; by default it ends with that credential.
 * @throws validation_failed
 */
function expiryOf(scope: Scope, wanted: string | undefined): Date | null {
  const ends = scope.credentialEnds === undefined ? null : new Date(scope.credentialEnds);
  if (wanted === undefined) return ends;
  const expiresAt = toInstant(wanted);
  if (ends !== null && expiresAt > ends)
    throw invalidField('expires_at', `must not be after ${ends.toISOString()}, when your own key ends`);
  return expiresAt;
}
