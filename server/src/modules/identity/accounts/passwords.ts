import type { Ctx } from '#platform/context';
import { type CredentialRow, selectCredential } from './store.ts';

/** Loaded with the first password: the command line and passes from cron never need it. */
const load = () => import('better-auth/crypto');

export async function hashPassword(password: string): Promise<string> {
  return await (await load()).hashPassword(password);
}

/** The user, if the password is right. A wrong address costs the same time as a wrong password. */
export async function checkPassword(
  ctx: Pick<Ctx, 'db'>,
  email: string,
  password: string,
): Promise<CredentialRow | undefined> {
  // A system transaction: accounts belong to no organization.
  const found = await ctx.db.system((tx) => selectCredential(tx, email));
  if (found === undefined || found.password === null) {
    await hashPassword(password);
    return undefined;
  }
  const { verifyPassword } = await load();
  return (await verifyPassword({ hash: found.password, password })) ? found : undefined;
}
