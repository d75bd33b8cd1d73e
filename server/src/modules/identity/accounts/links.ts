import type { PasswordLink } from '@watchkeeper/contracts/identity';
import type { Ctx } from '#platform/context';
import type { Tx } from '#platform/db/database';
import { hashSecret, newSecret } from '#platform/ids';
import { deleteLinksOf, insertLink } from './store.ts';

/** Long enough to reach a person by mail on the next working day. */
const linkHours = 24;

/** A link that makes the first owner. Each boot has its own; they all end with the first that is used. */
export async function issueSetupLink(ctx: Pick<Ctx, 'clock' | 'config'>, tx: Tx): Promise<PasswordLink> {
  return await issue(ctx, tx, null, 'setup');
}

/** A link by which one person chooses a password; earlier ones stop working. */
export async function issuePasswordLink(
  ctx: Pick<Ctx, 'clock' | 'config'>,
  tx: Tx,
  userId: string,
): Promise<PasswordLink> {
  await deleteLinksOf(tx, userId);
  return await issue(ctx, tx, userId, 'set-password');
}

async function issue(
  ctx: Pick<Ctx, 'clock' | 'config'>,
  tx: Tx,
  userId: string | null,
  page: string,
): Promise<PasswordLink> {
  const token = newSecret('');
  const now = ctx.clock.now();
  const expiresAt = new Date(now + linkHours * 3_600_000);
  await insertLink(tx, { hash: hashSecret(token), userId, now: new Date(now), expiresAt });
  return {
    url: `${ctx.config.http.publicUrl}/${page}?token=${token}`,
    expires_at: expiresAt.toISOString(),
  };
}
