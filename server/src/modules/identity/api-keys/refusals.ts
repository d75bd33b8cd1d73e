import type { Ctx } from '#platform/context';
import { hashSecret } from '#platform/ids';
import { Recent } from '#platform/recent';
import { audit } from '../audit/audit.ts';
import type { RequestMarks } from '../principal.ts';
import { findEndedKey } from './store.ts';

/** A program that keeps using an expired key is reported once in this time, not at every call. */
const repeatMs = 60_000;
const keysMax = 1_000;

/**
 * A refused bearer credential goes to the log. A former key of ours also goes to the audit of its
 * organization.
 */
export function createRefusals(
  ctx: Pick<Ctx, 'db' | 'log' | 'clock'>,
): (marks: RequestMarks, token: string | undefined) => Promise<void> {
  const told = new Recent<number>(keysMax);
  return async (marks, token) => {
    ctx.log.warn({ peer: marks.ip, request_id: marks.requestId }, 'a wrong credential was refused');
    if (token === undefined) return;
    // A system transaction: we are looking for the organization of the key.
    await ctx.db.system(async (tx) => {
      const key = await findEndedKey(tx, hashSecret(token));
      const now = ctx.clock.monotonic();
      if (key === undefined || now - (told.get(key.id) ?? -repeatMs) < repeatMs) return;
      told.set(key.id, now);
      await audit(
        tx,
        {
          ...marks,
          organizationId: key.organization_id,
          caller: { kind: 'api_key', id: key.id, name: key.name },
        },
        { action: 'api_key.refused', target: { kind: 'api_key', id: key.id, name: key.name } },
      );
    });
  };
}
