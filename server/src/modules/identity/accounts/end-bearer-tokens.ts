import type { Ctx } from '#platform/context';
import { endTokens, selectUserWithMemberships } from './store.ts';

/** The sign-in library changed a password: everything issued for the old one ends everywhere. */
export async function endBearerTokens(ctx: Pick<Ctx, 'db' | 'live'>, userId: string): Promise<void> {
  await ctx.db.system(async (tx) => {
    await endTokens(tx, userId);
    for (const { organization_id: organizationId } of await selectUserWithMemberships(tx, userId)) {
      if (organizationId !== null)
        await ctx.live.publish(tx, { organizationId, topic: 'member', ids: [userId] });
    }
  });
}
