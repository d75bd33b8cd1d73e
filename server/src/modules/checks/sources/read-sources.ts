import { listLimitDefault } from '@watchkeeper/contracts';
import type { Check, CheckRun } from '@watchkeeper/contracts/checks';
import type { Source, SourceLink, SourceObject, SourceObjectQuery } from '@watchkeeper/contracts/sources';
import { cutText } from '@watchkeeper/contracts/text';
import { requirePermission, type Scope } from '#modules/identity';
import type { Ctx } from '#platform/context';
import type { Tx } from '#platform/db/database';
import { invalidField, notFound } from '#platform/errors';
import { decodeCursor, toPage } from '#platform/http/cursor';
import { runNow } from '../probe/run-check.ts';
import { createCheck } from '../save-check.ts';
import { toObject, toSource } from './source-view.ts';
import { findSource, hasObject, type SourceRow, selectObjects, selectSources } from './store.ts';

interface Listed<T> {
  data: T[];
  next_cursor: string | null;
}

const afterOf = (cursor: string | undefined): string | null =>
  cursor === undefined ? null : String(decodeCursor(cursor, 1)[0]);

export async function listSources(
  ctx: Pick<Ctx, 'db' | 'clock'>,
  scope: Scope,
  query: { limit?: number; cursor?: string },
): Promise<Listed<Source>> {
  requirePermission(scope, 'read');
  const limit = query.limit ?? listLimitDefault;
  const page = { after: afterOf(query.cursor), limit };
  const rows = await ctx.db.tenant(scope.organizationId, (tx) =>
    selectSources(tx, scope.organizationId, page),
  );
  const now = ctx.clock.now();
  return toPage(
    rows,
    limit,
    (row) => [row.slug],
    (row) => toSource(row, now),
  );
}

export async function getSource(
  ctx: Pick<Ctx, 'db' | 'clock'>,
  scope: Scope,
  reference: string,
): Promise<{ source: Source; version: number }> {
  requirePermission(scope, 'read');
  const row = await ctx.db.tenant(scope.organizationId, (tx) => hold(tx, scope, reference));
  return { source: toSource(row, ctx.clock.now()), version: row.version };
}

export async function listObjects(
  ctx: Pick<Ctx, 'db' | 'clock'>,
  scope: Scope,
  reference: string,
  query: SourceObjectQuery,
): Promise<Listed<SourceObject>> {
  requirePermission(scope, 'read');
  const limit = query.limit ?? listLimitDefault;
  const filter = {
    after: afterOf(query.cursor),
    like: query.q === undefined || query.q === '' ? null : `%${query.q.replace(/[\\%_]/g, '\\$&')}%`,
    linked: query.linked === undefined ? null : query.linked === 'yes',
    limit,
  };
  const rows = await ctx.db.tenant(scope.organizationId, async (tx) =>
    selectObjects(tx, scope.organizationId, await hold(tx, scope, reference), filter),
  );
  const now = ctx.clock.now();
  return toPage(
    rows,
    limit,
    (row) => [row.external_id],
    (row) => toObject(row, now),
  );
}

/** Reads the source now and logs every step in words. */
export async function testSource(
  ctx: Pick<Ctx, 'db' | 'clock' | 'config' | 'vault' | 'outbound' | 'log' | 'parts'>,
  scope: Scope,
  reference: string,
): Promise<CheckRun> {
  requirePermission(scope, 'alerts:operate');
  const row = await ctx.db.tenant(scope.organizationId, (tx) => hold(tx, scope, reference));
  return await runNow(ctx, scope, row.check_id);
}

/** A person says which device an object is. From then on, a check judges the device by the object. */
export async function linkObject(
  ctx: Pick<Ctx, 'db' | 'clock' | 'config' | 'vault' | 'live' | 'outbound'>,
  scope: Scope,
  reference: string,
  link: SourceLink,
): Promise<Check> {
  requirePermission(scope, 'inventory:write');
  const source = await ctx.db.tenant(scope.organizationId, async (tx) => {
    const row = await hold(tx, scope, reference);
    if (!(await hasObject(tx, row.id, link.ref)))
      throw invalidField('ref', `"${link.ref}" is not an object that the source lists`);
    return row;
  });
  const { check } = await createCheck(ctx, scope, {
    slug: link.slug ?? linkSlug(link.device, source.slug),
    name: cutText(`${link.device} in ${source.name}`, nameLengthMax),
    kind: source.kind,
    config: { source: source.slug, ref: link.ref },
    device: link.device,
  });
  return check;
}

const nameLengthMax = 200;
const slugLengthMax = 128;

function linkSlug(device: string, source: string): string {
  return `${device.slice(0, slugLengthMax - source.length - 1)}.${source}`;
}

async function hold(tx: Tx, scope: Scope, reference: string): Promise<SourceRow> {
  const row = await findSource(tx, scope.organizationId, reference);
  if (row === undefined) throw notFound('source');
  return row;
}
