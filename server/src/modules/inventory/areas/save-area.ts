import { isUniqueViolation } from '#platform/db/database';
import { notFound } from '#platform/errors';
import { newId } from '#platform/ids';
import { announceSite } from '../events.ts';
import { alreadyExists, auditChange, beforeAndAfter, changesBetween, type Work } from '../work.ts';
import { type AreaFields, type AreaRow, findArea, insertArea, updateAreaRow } from './store.ts';

/** Creates or changes an area of a site. Nothing is written when nothing changes. */
export async function saveArea(
  work: Work,
  site: { id: string; slug: string },
  before: AreaRow | undefined,
  wanted: AreaFields,
): Promise<AreaRow> {
  const { tx, scope } = work;
  const id = before?.id ?? newId();
  const target = { kind: 'area', id, name: `${site.slug}/${wanted.slug}` } as const;
  if (before === undefined) {
    if (!(await insertArea(tx, scope.organizationId, site.id, id, wanted, work.at)))
      throw alreadyExists('area', wanted.slug);
    await auditChange(work, 'created', target, { after: { ...wanted, site: site.slug } });
  } else {
    const changes = changesBetween({ ...before }, { ...wanted });
    if (changes.length === 0) return before;
    await updateAreaRow(tx, scope.organizationId, id, wanted, work.at).catch((error: unknown) => {
      throw isUniqueViolation(error) ? alreadyExists('area', wanted.slug) : error;
    });
    await auditChange(work, 'updated', target, beforeAndAfter(changes));
  }
  await announceSite(work.ctx, tx, scope.organizationId, site.id);
  const saved = await findArea(tx, scope.organizationId, site.id, id);
  if (saved === undefined) throw notFound('area');
  return saved;
}
