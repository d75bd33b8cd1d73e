import { Readable } from 'node:stream';
import {
  type AuditEntry,
  type AuditExportFormat,
  type AuditExportQuery,
  auditExportMax,
} from '@watchkeeper/contracts/identity';
import { toInstant } from '@watchkeeper/contracts/instant';
import type { Ctx } from '#platform/context';
import { AppError } from '#platform/errors';
import { requirePermission, type Scope } from '../scope.ts';
import { audit } from './audit.ts';
import { csvLine } from './csv.ts';
import { toEntry } from './list-audit.ts';
import { type AuditFilter, countAudit, selectAudit } from './store.ts';

/** Rows in memory at a time, and in one short transaction. */
const pageRows = 1_000;

const csvHead = csvLine([
  'at',
  'actor_kind',
  'actor',
  'action',
  'target_kind',
  'target_id',
  'target',
  'before',
  'after',
  'request_id',
  'ip',
]);

type Place = { at: Date; id: string } | undefined;

/**
 * The audit record as a file, newest first, page by page as it is read. The export itself is recorded,
 * with its person.
 * @throws validation_failed when there are more entries than one file holds: a cut one
 * would look complete.
 */
export async function exportAudit(
  ctx: Pick<Ctx, 'db'>,
  scope: Scope,
  query: AuditExportQuery,
): Promise<Readable> {
  requirePermission(scope, 'audit:read');
  const { format, ...filters } = query;
  const filter = {
    organizationId: scope.organizationId,
    action: query.action,
    target: query.target,
    actor: query.actor,
    since: query.since === undefined ? undefined : toInstant(query.since),
    until: query.until === undefined ? undefined : toInstant(query.until),
  };
  await ctx.db.tenant(scope.organizationId, async (tx) => {
    const entries = await countAudit(tx, filter, auditExportMax + 1);
    if (entries > auditExportMax) throw tooMany();
    await audit(tx, scope, {
      action: 'audit.exported',
      target: { kind: 'audit', id: scope.organizationId, name: scope.organizationSlug },
      after: { format, entries, ...filters },
    });
  });
  return Readable.from(write(format, pages(ctx, filter)));
}

async function* pages(
  ctx: Pick<Ctx, 'db'>,
  filter: Omit<AuditFilter, 'after' | 'limit'>,
): AsyncGenerator<AuditEntry[]> {
  let after: Place;
  // A new entry may have come in since the count; the limit still holds.
  for (let left = auditExportMax; left > 0; left -= pageRows) {
    const limit = Math.min(pageRows, left);
    const place = after;
    const rows = await ctx.db.tenant(filter.organizationId, (tx) =>
      selectAudit(tx, { ...filter, after: place, limit }),
    );
    yield rows.map(toEntry);
    const last = rows.at(-1);
    if (last === undefined || rows.length < limit) return;
    after = { at: last.at, id: last.id };
  }
}

async function* write(
  format: AuditExportFormat,
  entries: AsyncGenerator<AuditEntry[]>,
): AsyncGenerator<string> {
  if (format === 'csv') {
    yield csvHead;
    for await (const page of entries) yield page.map(toCsv).join('');
    return;
  }
  let separator = '[\n';
  for await (const page of entries) {
    for (const entry of page) {
      yield `${separator}${JSON.stringify(entry)}`;
      separator = ',\n';
    }
  }
  yield separator === '[\n' ? '[]\n' : '\n]\n';
}

function toCsv(entry: AuditEntry): string {
  return csvLine([
    entry.at,
    entry.actor.kind,
    entry.actor.name,
    entry.action,
    entry.target.kind,
    entry.target.id,
    entry.target.name,
    entry.before === null ? '' : JSON.stringify(entry.before),
    entry.after === null ? '' : JSON.stringify(entry.after),
    entry.request_id,
    entry.ip ?? '',
  ]);
}

function tooMany(): AppError {
  const message = `more than ${auditExportMax} entries fit; narrow the dates`;
  return new AppError('validation_failed', `since: ${message}.`, { errors: [{ field: 'since', message }] });
}
