import { requirePermission, type Scope } from '#modules/identity';
import type { Ctx } from '#platform/context';
import { decodeCursor } from '#platform/http/cursor';
import { toListInput } from '../list.ts';
import { getSite } from '../sites/get-site.ts';
import { type AreaRow, selectAreas, unplaced } from './store.ts';

/** One row more than asked for, where there is a next page. */
export async function listAreas(
  ctx: Ctx,
  scope: Scope,
  siteReference: string,
  query: { limit?: number; cursor?: string; q?: string },
): Promise<AreaRow[]> {
  requirePermission(scope, 'read');
  const { cursor, ...rest } = query;
  const list = { ...toListInput(rest), after: cursor === undefined ? null : decodeCursorOfArea(cursor) };
  return await ctx.db.tenant(scope.organizationId, async (tx) => {
    const site = await getSite(tx, scope, siteReference);
    return await selectAreas(tx, scope.organizationId, site.id, list);
  });
}

export function cursorOfArea(row: AreaRow): readonly unknown[] {
  return [row.position ?? unplaced, row.slug];
}

/** @throws validation_failed */
function decodeCursorOfArea(cursor: string): { place: number; slug: string } {
  const [place, slug] = decodeCursor(cursor, 2);
  if (Number.isInteger(place) && Number(place) >= 0 && Number(place) <= unplaced && typeof slug === 'string')
    if (/^[A-Za-z0-9._:-]{1,128}$/.test(slug)) return { place: Number(place), slug };
  // An empty text is never a cursor: the same complaint in one place.
  decodeCursor('', 2);
  return { place: 0, slug: '' };
}
