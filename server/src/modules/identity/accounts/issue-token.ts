import type { Ctx } from '#platform/context';
import { AppError } from '#platform/errors';
import { accessTokenSeconds } from '../access-token.ts';
import type { Identity } from '../identity.ts';
import { wrongPassword } from '../sessions.ts';
import { checkPassword } from './passwords.ts';

/** A bearer token for programs that hold a person's e-mail and password. @throws unauthenticated */
export async function issueToken(
  ctx: Pick<Ctx, 'db'>,
  identity: Pick<Identity, 'accessTokens'>,
  input: { email: string; password: string },
): Promise<{ token: string; token_type: 'Bearer'; expires_in: number }> {
  const user = await checkPassword(ctx, input.email, input.password);
  if (user === undefined) throw new AppError('unauthenticated', wrongPassword);
  const token = await identity.accessTokens.issue(user.id, user.token_version);
  return { token, token_type: 'Bearer', expires_in: accessTokenSeconds };
}
