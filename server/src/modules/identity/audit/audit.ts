import type { Tx } from '#platform/db/database';
import type { Caller } from '../scope.ts';
import { redact } from './redact.ts';
import { insertAudit } from './store.ts';

/** Who acts and where: a `Scope`, or for a provider `{ ...scope, organizationId }`. */
export interface AuditScope {
  /** null: about the installation itself. Only a system transaction may write such a record. */
  readonly organizationId: string | null;
  readonly caller: Caller;
  readonly requestId: string;
  readonly ip?: string;
}

export interface AuditRecord {
  /** noun.verb in the past tense: `site.created`. */
  readonly action: string;
  readonly target: { readonly kind: string; readonly id: string; readonly name: string };
  readonly before?: unknown;
  readonly after?: unknown;
}

/**
 * Records an administrative write in the transaction of that write: neither exists without the other.
 * Secrets in `before` and `after` are removed here, for every caller.
 */
export async function audit(tx: Tx, scope: AuditScope, record: AuditRecord): Promise<void> {
  await insertAudit(tx, {
    organizationId: scope.organizationId,
    caller: scope.caller,
    action: record.action,
    target: record.target,
    before: toJson(record.before),
    after: toJson(record.after),
    requestId: scope.requestId,
    ip: scope.ip ?? null,
  });
}

function toJson(value: unknown): string | null {
  return value === undefined || value === null ? null : JSON.stringify(redact(value));
}
