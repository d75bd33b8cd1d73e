import { audit, type Scope } from '#modules/identity';
import { nowDate } from '#platform/clock';
import type { Ctx } from '#platform/context';
import type { Tx } from '#platform/db/database';
import { AppError, type FieldError } from '#platform/errors';

/** One transaction on behalf of one caller: what every write of this module is done in. */
export interface Work {
  readonly ctx: Ctx;
  readonly tx: Tx;
  readonly scope: Scope;
  readonly at: Date;
}

/** Two operators may each hold what the other needs; PostgreSQL then ends one of them, which starts afresh. */
const deadlockTriesMax = 4;

/** Runs `act` in one transaction of the caller's organization. All its effects are in that transaction. */
export async function inOrganization<T>(ctx: Ctx, scope: Scope, act: (work: Work) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await ctx.db.tenant(scope.organizationId, (tx) =>
        act({ ctx, tx, scope, at: nowDate(ctx.clock) }),
      );
    } catch (error) {
      const deadlock = error instanceof Error && 'code' in error && error.code === '40P01';
      if (!deadlock || attempt === deadlockTriesMax) throw error;
    }
  }
}

/** Throws precondition_failed when the caller has seen an older version. */
export type VersionCheck = (version: number) => void;

export interface Change {
  field: string;
  from: unknown;
  to: unknown;
}

/** The fields that differ; what `wanted` leaves undefined stays as it is. */
export function changesBetween(
  current: Readonly<Record<string, unknown>>,
  wanted: Readonly<Record<string, unknown>>,
): Change[] {
  return Object.entries(wanted)
    .filter(([field, to]) => to !== undefined && canonical(current[field]) !== canonical(to))
    .map(([field, to]) => ({ field, from: current[field] ?? null, to }));
}

/** Equal content, equal text: jsonb hands keys back in an order of its own. */
function canonical(value: unknown): string {
  return JSON.stringify(value ?? null, (_key, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}

export type TargetKind = 'site' | 'area' | 'device_type' | 'device';

/** The audit row of one write, with only the fields that changed. */
export async function auditChange(
  work: Work,
  verb: 'created' | 'updated' | 'deleted',
  target: { kind: TargetKind; id: string; name: string },
  fields: { before?: Readonly<Record<string, unknown>>; after?: Readonly<Record<string, unknown>> },
): Promise<void> {
  await audit(work.tx, work.scope, { action: `${target.kind}.${verb}`, target, ...fields });
}

/** Before and after of the changed fields, as an audit row keeps them. */
export function beforeAndAfter(changes: readonly Change[]): {
  before: Record<string, unknown>;
  after: Record<string, unknown>;
} {
  return {
    before: Object.fromEntries(changes.map((change) => [change.field, change.from])),
    after: Object.fromEntries(changes.map((change) => [change.field, change.to])),
  };
}

export function alreadyExists(kind: string, slug: string): AppError {
  return new AppError('already_exists', `There is already a ${kind} "${slug}".`, {
    errors: [{ field: 'slug', message: `"${slug}" is taken` }],
  });
}

/** @throws validation_failed with every mistake */
export function refuse(errors: readonly FieldError[]): void {
  const first = errors[0];
  if (first === undefined) return;
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : '';
  throw new AppError('validation_failed', `${first.field}: ${first.message}${more}.`, { errors });
}
