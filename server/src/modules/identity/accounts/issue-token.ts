import type { Ctx } from '#platform/context';
import { AppError } from '#platform/errors';
import { accessTokenSeconds } from '../access-token.ts';
import type { Identity } from '../identity.ts';
import { wrongPassword } from '../sessions.ts';
import { checkPassword } from './passwords.ts';

/** A bearer token for programs that hold a person's e-mail and password. @throws unauthenticated, rate_limited */
export async function issueToken(
  ctx: Pick<Ctx, 'db'>,
  identity: Pick<Identity, 'accessTokens' | 'signInLimit'>,
  input: { email: string; password: string; ip: string },
): Promise<{ token: string; token_type: 'Bearer'; expires_in: number }> {
  await identity.signInLimit.take(input.email, input.ip);
  const user = await checkPassword(ctx, input.email, input.password);
  if (user === undefined) throw new AppError('unauthenticated', wrongPassword);
  await identity.signInLimit.succeeded(input.email, input.ip);
  const token = await identity.accessTokens.issue(user.id);
  return { token, token_type: 'Bearer', expires_in: accessTokenSeconds };
}
