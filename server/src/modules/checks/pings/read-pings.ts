import { listLimitDefault } from '@watchkeeper/contracts';
import type { ReceivedPing, ReceivedPingDetail, ReceivedPingQuery } from '@watchkeeper/contracts/pings';
import { cutText } from '@watchkeeper/contracts/text';
import { requirePermission, type Scope } from '#modules/identity';
import type { Ctx } from '#platform/context';
import { notFound } from '#platform/errors';
import { decodeCursor, toPage } from '#platform/http/cursor';
import { findCheck } from '../store.ts';
import { pingsKept } from './ping.ts';
import { type KeptPingRow, selectPings } from './store.ts';

const bodyStartLength = 200;

export async function listPings(
  ctx: Pick<Ctx, 'db'>,
  scope: Scope,
  reference: string,
  query: ReceivedPingQuery,
): Promise<{ data: ReceivedPing[]; next_cursor: string | null }> {
  requirePermission(scope, 'read');
  const limit = query.limit ?? listLimitDefault;
  const before = query.cursor === undefined ? null : numberIn(query.cursor);
  const rows = await readPings(ctx, scope, reference, { before, only: null, limit: limit + 1 });
  return toPage(
    rows,
    limit,
    (row) => [row.n],
    (row) => ({
      ...fieldsOf(row),
      body_start: startOf(textOf(row)),
    }),
  );
}

export async function getPing(
  ctx: Pick<Ctx, 'db'>,
  scope: Scope,
  reference: string,
  n: number,
): Promise<ReceivedPingDetail> {
  requirePermission(scope, 'read');
  const [row] = await readPings(ctx, scope, reference, { before: null, only: n, limit: 1 });
  if (row === undefined) throw notFound('ping');
  return { ...fieldsOf(row), body: textOf(row) };
}

export type KeptPing = ReturnType<typeof fieldsOf>;

/** All pings that are kept of a check, newest first. */
export async function listKeptPings(
  ctx: Pick<Ctx, 'db'>,
  scope: Scope,
  reference: string,
): Promise<KeptPing[]> {
  requirePermission(scope, 'read');
  const rows = await readPings(ctx, scope, reference, { before: null, only: null, limit: pingsKept });
  return rows.map(fieldsOf);
}

/** The kept part of a ping's body, unchanged; null when it had no body. */
export async function readPingBody(
  ctx: Pick<Ctx, 'db'>,
  scope: Scope,
  reference: string,
  n: number,
): Promise<Buffer | null> {
  requirePermission(scope, 'read');
  const [row] = await readPings(ctx, scope, reference, { before: null, only: n, limit: 1 });
  if (row === undefined) throw notFound('ping');
  return row.body;
}

async function readPings(
  ctx: Pick<Ctx, 'db'>,
  scope: Scope,
  reference: string,
  page: Parameters<typeof selectPings>[2],
): Promise<KeptPingRow[]> {
  return await ctx.db.tenant(scope.organizationId, async (tx) => {
    const check = await findCheck(tx, scope.organizationId, reference);
    if (check === undefined) throw notFound('check');
    return await selectPings(tx, check.id, page);
  });
}

function fieldsOf(row: KeptPingRow) {
  return {
    n: Number(row.n),
    at: row.at.toISOString(),
    kind: row.kind,
    source: row.source,
    exit_status: row.exit_status,
    rid: row.rid,
    method: row.method,
    remote_address: row.remote_address,
    user_agent: row.user_agent,
    duration_ms: row.duration_ms,
    body_bytes: Number(row.body_bytes),
  };
}

function textOf({ body }: KeptPingRow): string | null {
  return body === null ? null : body.toString('utf8');
}

/** @throws validation_failed when the cursor was not made by this server. */
function numberIn(cursor: string): number {
  const n = Number(decodeCursor(cursor, 1)[0]);
  if (!Number.isSafeInteger(n)) decodeCursor('', 1);
  return n;
}

function startOf(text: string | null | undefined): string | null {
  return text === null || text === undefined ? null : cutText(text, bodyStartLength, '').toWellFormed();
}
