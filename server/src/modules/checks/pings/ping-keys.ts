import { randomBytes } from 'node:crypto';
import type { PingKey, PingKeyInput } from '@watchkeeper/contracts/pings';
import { audit, requirePermission, type Scope } from '#modules/identity';
import type { Ctx } from '#platform/context';
import { isUniqueViolation } from '#platform/db/database';
import { AppError, notFound } from '#platform/errors';
import { isId, newId } from '#platform/ids';
import { pingTopic } from './directory.ts';
import {
  countPingKeys,
  deletePingKeyRow,
  insertPingKey,
  type PingKeyRow,
  selectPingKeys,
} from './ping-key-store.ts';
import { type CheckView, viewOf } from './view.ts';

export const pingKeysMax = 100;
/** The same length as Healthchecks keys, which scripts have in their URLs. */
const keyBytes = 16;

type KeyCtx = Pick<Ctx, 'db' | 'clock' | 'config' | 'live'>;

export async function listPingKeys(ctx: KeyCtx, scope: Scope): Promise<{ data: PingKey[] }> {
  requirePermission(scope, 'read');
  const rows = await ctx.db.tenant(scope.organizationId, (tx) =>
    selectPingKeys(tx, scope.organizationId, pingKeysMax),
  );
  const view = viewOf(ctx, scope);
  return { data: rows.map((row) => toPingKey(row, view)) };
}

export async function createPingKey(ctx: KeyCtx, scope: Scope, input: PingKeyInput): Promise<PingKey> {
  requirePermission(scope, 'inventory:write');
  const { organizationId } = scope;
  const key = input.key ?? randomBytes(keyBytes).toString('base64url');
  const row = { id: newId(), name: input.name, key, created_at: new Date(ctx.clock.now()) };
  await ctx.db.tenant(organizationId, async (tx) => {
    if ((await countPingKeys(tx, organizationId)) >= pingKeysMax)
      throw new AppError('conflict', `An organization has at most ${pingKeysMax} ping keys.`);
    await insertPingKey(tx, organizationId, row).catch((error: unknown) => {
      if (!isUniqueViolation(error)) throw error;
      throw new AppError('already_exists', 'This ping key is in use already.', {
        cause: error,
        errors: [{ field: 'key', message: 'is taken' }],
      });
    });
    await audit(tx, scope, {
      action: 'ping_key.created',
      target: { kind: 'ping_key', id: row.id, name: row.name },
      after: { name: row.name },
    });
    await ctx.live.publish(tx, { organizationId, topic: pingTopic, ids: [row.id] });
  });
  return toPingKey(row, viewOf(ctx, scope));
}

export async function deletePingKey(ctx: KeyCtx, scope: Scope, id: string): Promise<void> {
  requirePermission(scope, 'inventory:write');
  const { organizationId } = scope;
  await ctx.db.tenant(organizationId, async (tx) => {
    const row = isId(id) ? await deletePingKeyRow(tx, organizationId, id) : undefined;
    if (row === undefined) throw notFound('ping key');
    await audit(tx, scope, {
      action: 'ping_key.deleted',
      target: { kind: 'ping_key', id: row.id, name: row.name },
      before: { name: row.name },
    });
    // Clear all addresses in the caches, instead of looking up which checks the key opened.
    await ctx.live.publish(tx, { organizationId, topic: pingTopic, ids: [] });
  });
}

function toPingKey(row: PingKeyRow, view: CheckView): PingKey {
  return {
    id: row.id,
    name: row.name,
    key: view.secrets ? row.key : null,
    url: view.secrets ? `${view.publicUrl}/ping/${row.key}/` : null,
    created_at: row.created_at.toISOString(),
  };
}
