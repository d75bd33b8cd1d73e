import type { Ctx } from '#platform/context';
import { AppError } from '#platform/errors';
import { hashSecret } from '#platform/ids';
import { addFirstOwner } from '../bootstrap.ts';
import { requireGoodPassword } from './password-rules.ts';
import { hashPassword } from './passwords.ts';
import { anyUser, lockFirstStart, useLink } from './store.ts';

export async function isSetupNeeded(ctx: Pick<Ctx, 'db'>): Promise<boolean> {
  return !(await ctx.db.system(anyUser));
}

/** The first owner, by the link in the log. There is no caller to authorize: the link is the credential. */
export async function completeSetup(
  ctx: Pick<Ctx, 'db' | 'clock'>,
  input: { token: string; name: string; email: string; password: string },
): Promise<void> {
  requireGoodPassword('password', input.password);
  const passwordHash = await hashPassword(input.password);
  await ctx.db.system(async (tx) => {
    await lockFirstStart(tx);
    if (await anyUser(tx))
      throw new AppError('conflict', 'This installation has its first owner already. Sign in instead.');
    const link = await useLink(tx, hashSecret(input.token), new Date(ctx.clock.now()));
    if (link === undefined || link.user_id !== null) throw linkEnded();
    await addFirstOwner(ctx, tx, { email: input.email, name: input.name, passwordHash });
  });
}

export function linkEnded(): AppError {
  return new AppError(
    'unauthenticated',
    'This link is wrong, used or too old. Ask for a new one; a restart logs one for the first owner.',
  );
}
