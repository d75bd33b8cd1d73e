import { maintenanceWindowsMax } from '@watchkeeper/contracts/maintenance';
import { audit, requireLasting, requirePermission, type Scope } from '#modules/identity';
import { nowDate } from '#platform/clock';
import type { Ctx } from '#platform/context';
import { notFound } from '#platform/errors';
import { hashSecret, newSecret } from '#platform/ids';
import { coverableChecks } from '../windows/coverable-checks.ts';
import { datedBetween } from '../windows/read-windows.ts';
import { selectAllWindows } from '../windows/store.ts';
import { calendarText } from './calendar-text.ts';
import { deleteFeed, findFeed, saveFeed } from './store.ts';

export const feedTokenPrefix = 'wkf_';
const pastDays = 30;
const aheadDays = 366;
const eventsMax = 1_000;
const dayMs = 86_400_000;

/**
 * A calendar program cannot sign in. Anybody with the address may read the feed, so the address is a secret and shown
 * only once.
 */
export async function createFeed(ctx: Ctx, scope: Scope): Promise<{ token: string; url: string }> {
  requirePermission(scope, 'alerts:operate');
  requirePermission(scope, 'read');
  requireLasting(scope, 'make an address that calendars read');
  const token = newSecret(feedTokenPrefix);
  const { organizationId } = scope;
  await ctx.db.tenant(organizationId, async (tx) => {
    await saveFeed(tx, organizationId, hashSecret(token), nowDate(ctx.clock));
    await audit(tx, scope, { action: 'maintenance.feed_created', target: targetOf(organizationId) });
  });
  return { token, url: `${ctx.config.http.publicUrl}/feeds/maintenance/${token}.ics` };
}

/** @throws not_found when there is no feed */
export async function revokeFeed(ctx: Ctx, scope: Scope): Promise<void> {
  requirePermission(scope, 'alerts:operate');
  const { organizationId } = scope;
  await ctx.db.tenant(organizationId, async (tx) => {
    if (!(await deleteFeed(tx, organizationId))) throw notFound('feed');
    await audit(tx, scope, { action: 'maintenance.feed_revoked', target: targetOf(organizationId) });
  });
}

function targetOf(organizationId: string) {
  return { kind: 'maintenance_feed', id: organizationId, name: 'Calendar feed' };
}

/** undefined when the token is wrong or was replaced. */
export async function readFeed(ctx: Ctx, token: string): Promise<string | undefined> {
  // The token identifies the organization.
  const feed = await ctx.db.system((tx) => findFeed(tx, hashSecret(token)));
  if (feed === undefined) return undefined;
  const windows = await ctx.db.tenant(feed.organization_id, (tx) =>
    selectAllWindows(tx, coverableChecks(ctx), feed.organization_id, maintenanceWindowsMax),
  );
  const now = ctx.clock.now();
  const dated = datedBetween(
    windows,
    new Date(now - pastDays * dayMs),
    new Date(now + aheadDays * dayMs),
    eventsMax,
  );
  const held = dated.slice(0, eventsMax);
  const last = dated.length > eventsMax ? held.at(-1) : undefined;
  return calendarText(feed.name, held, new Date(now), last === undefined ? null : last.occurrence.start);
}
