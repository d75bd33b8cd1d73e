import { sql } from 'kysely';
import type { Ctx } from './context.ts';

/** Answers are replayed this long; docs and the OpenAPI description say so. */
export const idempotencyHours = 24;

/** Old keys go; run by periodic work. */
export async function purgeIdempotencyKeys(ctx: Pick<Ctx, 'clock' | 'db'>): Promise<void> {
  const before = new Date(ctx.clock.now() - idempotencyHours * 3_600_000);
  await ctx.db.system((tx) => sql`delete from idempotency_keys where created_at < ${before}`.execute(tx));
}
