import type { IncidentLink, IncidentLinkBody } from '@watchkeeper/contracts';
import { audit, requirePermission, type Scope } from '#modules/identity';
import type { Ctx } from '#platform/context';
import type { Tx } from '#platform/db/database';
import { AppError, notFound } from '#platform/errors';
import { newId } from '#platform/ids';
import { recordLink, recordLinkRemoved } from '../by-hand.ts';
import { findIncident, type IncidentRow, listLinks } from '../inbox/incident-store.ts';
import { toLink } from '../inbox/incident-view.ts';
import { holdIncidents } from '../transition.ts';
import { deleteLink, insertLink } from './link-store.ts';

/** One incident has at most so many links. */
const linksMax = 50;

/** Adds a link; the same address again only answers the first one. @throws not_found, conflict */
export async function addLink(
  ctx: Ctx,
  scope: Scope,
  reference: string,
  { url, title }: IncidentLinkBody,
): Promise<IncidentLink> {
  requirePermission(scope, 'alerts:operate');
  return await ctx.db.tenant(scope.organizationId, async (tx) => {
    const row = await hold(tx, scope, reference);
    const links = await listLinks(tx, row.id);
    const same = links.find((link) => link.url === url);
    if (same !== undefined) return toLink(same);
    if (links.length >= linksMax)
      throw new AppError('conflict', `An incident has at most ${linksMax} links. Remove one first.`);
    const link = {
      id: newId(),
      url,
      title: title ?? url,
      added_by: scope.caller.name,
      added_at: new Date(ctx.clock.now()),
    };
    await insertLink(tx, row, link);
    await recordLink(ctx, tx, row.id, link, { actor: scope.caller });
    await audit(tx, scope, {
      action: 'incident.linked',
      target: target(row),
      after: { url: link.url, title: link.title },
    });
    return toLink(link);
  });
}

/** @throws not_found */
export async function removeLink(ctx: Ctx, scope: Scope, reference: string, linkId: string): Promise<void> {
  requirePermission(scope, 'alerts:operate');
  await ctx.db.tenant(scope.organizationId, async (tx) => {
    const row = await hold(tx, scope, reference);
    const link = (await listLinks(tx, row.id)).find(({ id }) => id === linkId);
    if (link === undefined) throw notFound('link');
    await deleteLink(tx, link.id);
    await recordLinkRemoved(ctx, tx, row.id, link, { actor: scope.caller });
    await audit(tx, scope, {
      action: 'incident.unlinked',
      target: target(row),
      before: { url: link.url, title: link.title },
    });
  });
}

async function hold(tx: Tx, scope: Scope, reference: string): Promise<IncidentRow> {
  const row = await findIncident(tx, scope.organizationId, reference);
  if (row === undefined) throw notFound('incident');
  await holdIncidents(tx, [row.id]);
  return row;
}

function target({ id, number, title }: IncidentRow) {
  return { kind: 'incident', id, name: `#${number} ${title}` };
}
