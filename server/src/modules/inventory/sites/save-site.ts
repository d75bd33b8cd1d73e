import type { OpeningHours } from '@watchkeeper/contracts/inventory';
import { isUniqueViolation } from '#platform/db/database';
import { type FieldError, notFound } from '#platform/errors';
import { newId } from '#platform/ids';
import { announceSite } from '../events.ts';
import { checkOpeningHours } from '../opening-hours.ts';
import { normalizeTimeZone } from '../timezone.ts';
import { alreadyExists, auditChange, beforeAndAfter, changesBetween, type Work } from '../work.ts';
import { findSite, insertSite, type SiteFields, type SiteRow, updateSiteRow } from './store.ts';

/** Checks beyond the schema; `prefix` is the path of the site in a larger document. */
export function checkSite(
  site: { timezone?: string; opening_hours?: OpeningHours | null },
  prefix = '',
): FieldError[] {
  const errors: FieldError[] = [];
  if (site.timezone !== undefined && normalizeTimeZone(site.timezone) === undefined) {
    errors.push({
      field: `${prefix}timezone`,
      message: `"${site.timezone}" is not an IANA time zone; use a name such as Europe/Berlin`,
    });
  }
  if (site.opening_hours) errors.push(...checkOpeningHours(site.opening_hours, `${prefix}opening_hours`));
  return errors;
}

/** Creates or changes a site that `checkSite` has passed. Nothing is written when nothing changes. */
export async function saveSite(
  work: Work,
  before: SiteRow | undefined,
  fields: SiteFields,
): Promise<SiteRow> {
  const { tx, scope } = work;
  const wanted = { ...fields, timezone: normalizeTimeZone(fields.timezone) ?? fields.timezone };
  const id = before?.id ?? newId();
  if (before === undefined) {
    if (!(await insertSite(tx, scope.organizationId, id, wanted, work.at)))
      throw alreadyExists('site', wanted.slug);
    await auditChange(work, 'created', { kind: 'site', id, name: wanted.slug }, { after: { ...wanted } });
  } else {
    const changes = changesBetween({ ...before }, { ...wanted });
    if (changes.length === 0) return before;
    await updateSiteRow(tx, scope.organizationId, id, wanted, work.at).catch((error: unknown) => {
      throw isUniqueViolation(error) ? alreadyExists('site', wanted.slug) : error;
    });
    await auditChange(work, 'updated', { kind: 'site', id, name: wanted.slug }, beforeAndAfter(changes));
  }
  await announceSite(work.ctx, tx, scope.organizationId, id);
  const saved = await findSite(tx, scope.organizationId, id);
  if (saved === undefined) throw notFound('site');
  return saved;
}
