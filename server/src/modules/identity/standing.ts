import type { Permission } from '@watchkeeper/contracts';
import type { Ctx } from '#platform/context';
import { selectLiveSessions } from './accounts/store.ts';
import { type Authenticated, principalOf } from './authentication.ts';
import { identityOf } from './identity.ts';
import { findGrant } from './principal.ts';

/** A long request: its caller, and the permissions it had at its start. */
export interface Standing {
  readonly authenticated: Authenticated;
  readonly organizationId: string;
  readonly permission: Permission;
}

/**
 * Which of these callers still may: the session, token or key is still valid, and no permission was
 * removed. One query for all sessions; keys and people are cached for seconds, and forgotten when they
 * change.
 */
export async function stillStanding<S extends Standing>(ctx: Ctx, standings: readonly S[]): Promise<Set<S>> {
  const identity = identityOf(ctx);
  const sessionIds = standings.flatMap(({ authenticated: { sessionId } }) => sessionId ?? []);
  const sessions =
    sessionIds.length === 0
      ? new Set<string>()
      : new Set(await ctx.db.system((tx) => selectLiveSessions(tx, sessionIds)));
  const still = new Set<S>();
  for (const standing of standings) {
    const { authenticated, organizationId, permission } = standing;
    const { sessionId, bearer, principal: before } = authenticated;
    if (sessionId !== null && !sessions.has(sessionId)) continue;
    const principal =
      bearer === null
        ? await identity.principals.ofUser(before.caller.id)
        : await principalOf(identity, bearer);
    const held = [principal?.everywhere, principal && findGrant(principal, organizationId)?.permissions];
    if (held.some((permissions) => permissions?.has(permission) === true)) still.add(standing);
  }
  return still;
}
