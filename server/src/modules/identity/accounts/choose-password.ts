import type { Ctx } from '#platform/context';
import { hashSecret } from '#platform/ids';
import { linkEnded } from './complete-setup.ts';
import { hashPassword } from './passwords.ts';
import { selectUserWithMemberships, setPasswordHash, type UserRow, useLink } from './store.ts';

/** A person's own password, by the link that an owner or admin gave them. The link is the credential. */
export async function choosePassword(
  ctx: Pick<Ctx, 'db' | 'clock'>,
  input: { token: string; password: string },
): Promise<UserRow> {
  const passwordHash = await hashPassword(input.password);
  return await ctx.db.system(async (tx) => {
    const now = new Date(ctx.clock.now());
    const link = await useLink(tx, hashSecret(input.token), now);
    if (link === undefined || link.user_id === null) throw linkEnded();
    const [user] = await selectUserWithMemberships(tx, link.user_id);
    if (user === undefined) throw linkEnded();
    await setPasswordHash(tx, user.id, passwordHash, now);
    return user;
  });
}
