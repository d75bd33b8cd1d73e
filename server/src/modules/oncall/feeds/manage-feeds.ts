import { audit, listMemberNames, requireLasting, requirePermission, type Scope } from '#modules/identity';
import { nowDate } from '#platform/clock';
import type { Ctx } from '#platform/context';
import type { Tx } from '#platform/db/database';
import { AppError, notFound } from '#platform/errors';
import { hashSecret, newSecret } from '#platform/ids';
import { findSchedule } from '../schedules/store.ts';
import { deleteFeed, type FeedOf, saveFeed } from './store.ts';

const feedTokenPrefix = 'wko_';
type SaveCtx = Pick<Ctx, 'db' | 'clock' | 'config'>;

/**
 * A calendar program cannot sign in. Anybody with the address may read the feed, so the address is a secret and shown
 * only once. An earlier address of the same feed stops working. `scheduleId` null: the caller's own shifts.
 * @throws forbidden, not_found
 */
export async function createFeed(
  ctx: SaveCtx,
  scope: Scope,
  scheduleId: string | null,
): Promise<{ token: string; url: string }> {
  const of = feedOf(scope, scheduleId);
  requireLasting(scope, 'make an address that calendars read');
  const token = newSecret(feedTokenPrefix);
  const { organizationId } = scope;
  await ctx.db.tenant(organizationId, async (tx) => {
    const target = await targetOf(tx, scope, of);
    await saveFeed(tx, organizationId, of, { tokenHash: hashSecret(token), at: nowDate(ctx.clock) });
    await audit(tx, scope, { action: 'oncall.feed_created', target });
  });
  return { token, url: `${ctx.config.http.publicUrl}/feeds/oncall/${token}.ics` };
}

/** @throws forbidden, not_found */
export async function revokeFeed(ctx: SaveCtx, scope: Scope, scheduleId: string | null): Promise<void> {
  const of = feedOf(scope, scheduleId);
  const { organizationId } = scope;
  await ctx.db.tenant(organizationId, async (tx) => {
    const target = await targetOf(tx, scope, of);
    if (!(await deleteFeed(tx, organizationId, of))) throw notFound('feed');
    await audit(tx, scope, { action: 'oncall.feed_revoked', target });
  });
}

function feedOf(scope: Scope, scheduleId: string | null): FeedOf {
  requirePermission(scope, scheduleId === null ? 'read' : 'alerts:operate');
  if (scheduleId !== null) return { scheduleId };
  if (scope.caller.kind !== 'user')
    throw new AppError('forbidden', 'Only a person has shifts of their own. Sign in as that person.');
  return { userId: scope.caller.id };
}

async function targetOf(tx: Tx, { organizationId }: Scope, of: FeedOf) {
  const name =
    'userId' in of
      ? (await listMemberNames(tx, organizationId)).get(of.userId)
      : (await findSchedule(tx, organizationId, of.scheduleId))?.name;
  if (name === undefined) throw notFound('userId' in of ? 'member' : 'schedule');
  return { kind: 'oncall_feed', id: 'userId' in of ? of.userId : of.scheduleId, name };
}
