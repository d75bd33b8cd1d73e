import type { SessionItem } from '@watchkeeper/contracts/identity';
import type { Ctx } from '#platform/context';
import { AppError, notFound } from '#platform/errors';
import type { Authenticated } from '../authentication.ts';
import { deleteOtherSessions, deleteSession, selectSessions } from './store.ts';

/** The places where a person is signed in, without the session tokens. */
export async function listSessions(
  ctx: Pick<Ctx, 'db'>,
  caller: Authenticated,
): Promise<{ data: SessionItem[] }> {
  const userId = userIdOf(caller);
  // A system transaction: accounts belong to no organization.
  const rows = await ctx.db.system((tx) => selectSessions(tx, userId));
  return {
    data: rows.map((row) => ({
      id: row.id,
      current: row.id === caller.sessionId,
      created_at: row.created_at.toISOString(),
      expires_at: row.expires_at.toISOString(),
      ip: row.ip_address || null,
      user_agent: row.user_agent || null,
    })),
  };
}

export async function revokeSession(
  ctx: Pick<Ctx, 'db'>,
  caller: Authenticated,
  sessionId: string,
): Promise<void> {
  const userId = userIdOf(caller);
  if (!(await ctx.db.system((tx) => deleteSession(tx, userId, sessionId)))) throw notFound('session');
}

/** All sessions except the one of this request. */
export async function revokeOtherSessions(ctx: Pick<Ctx, 'db'>, caller: Authenticated): Promise<void> {
  const userId = userIdOf(caller);
  const { sessionId } = caller;
  if (sessionId === null) throw new AppError('forbidden', 'Only a signed-in browser has other sessions.');
  await ctx.db.system((tx) => deleteOtherSessions(tx, userId, sessionId));
}

function userIdOf(caller: Authenticated): string {
  if (caller.principal.user !== null) return caller.principal.user.id;
  throw new AppError('forbidden', 'An API key has no sessions.');
}
