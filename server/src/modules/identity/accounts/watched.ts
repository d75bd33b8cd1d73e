import type { FastifyRequest } from 'fastify';
import type { Ctx } from '#platform/context';
import { AppError } from '#platform/errors';
import { marksOf } from '../authentication.ts';
import { type AuthAction, logAuth, recordAuth } from './auth-events.ts';
import { selectCredential } from './store.ts';

/**
 * A try at an account's password: counted before it is judged, recorded either way.
 * @throws rate_limited, and whatever `attempt` throws
 */
export async function watched<T>(
  ctx: Pick<Ctx, 'db' | 'log'>,
  request: FastifyRequest,
  [done, refused]: readonly [AuthAction, AuthAction],
  email: string,
  attempt: () => Promise<T>,
): Promise<T> {
  const { signInLimit, deviceCookie } = request.identity;
  const marks = marksOf(request);
  const device = deviceCookie.read(request.headers.cookie, email);
  const trial = { account: email, peer: request.peer, device };
  await signInLimit.take(trial);
  const account = await ctx.db.system((tx) => selectCredential(tx, email));
  try {
    const result = await attempt();
    await signInLimit.succeeded(trial);
    if (account !== undefined) await recordAuth(ctx, { action: done, account, proven: true, marks });
    return result;
  } catch (error) {
    if (!isRefusal(error)) throw error;
    if (account === undefined) logAuth(ctx, refused, email, marks);
    else await recordAuth(ctx, { action: refused, account, proven: false, marks });
    throw error;
  }
}

function isRefusal(error: unknown): boolean {
  return (
    error instanceof AppError && (error.code === 'unauthenticated' || error.code === 'validation_failed')
  );
}
