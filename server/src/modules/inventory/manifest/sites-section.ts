import { type ManifestSite, ManifestSites } from '@watchkeeper/contracts/manifest';
import { requirePermission } from '#modules/identity';
import { notFound } from '#platform/errors';
import { removeArea } from '../areas/delete-area.ts';
import { saveOrder } from '../areas/order-areas.ts';
import { saveArea } from '../areas/save-area.ts';
import { type AreaRow, selectAreasOfSites } from '../areas/store.ts';
import { removeSite } from '../sites/delete-site.ts';
import { checkSite, saveSite } from '../sites/save-site.ts';
import { findSite, type SiteFields, type SiteRow, selectSitesBySlug } from '../sites/store.ts';
import { normalizeTimeZone } from '../timezone.ts';
import { refuse } from '../work.ts';
import {
  defineManifestSection,
  duplicateSlugs,
  type ManifestReader,
  type ManifestRun,
  type PlannedStep,
  planEntry,
  planRemoval,
  type SectionContent,
} from './section.ts';

export const sitesSection = defineManifestSection({
  key: 'sites',
  schema: ManifestSites,
  read,
  async plan(run, wanted) {
    requirePermission(run.scope, 'inventory:write');
    refuse([
      ...duplicateSlugs(wanted, 'manifest.sites'),
      ...wanted.flatMap((site, index) => [
        ...checkSite(site, `manifest.sites.${index}.`),
        ...duplicateSlugs(site.areas ?? [], `manifest.sites.${index}.areas`),
      ]),
    ]);
    const { tx, scope } = run;
    const slugs = wanted.map((site) => site.slug);
    const there = await selectSitesBySlug(tx, scope.organizationId, run.prune ? null : slugs);
    const bySlug = new Map(there.map((row) => [row.slug, row]));
    const areas = Map.groupBy(
      await selectAreasOfSites(tx, scope.organizationId, slugs),
      (area) => area.site_slug,
    );
    const unordered: (() => Promise<unknown>)[] = [];
    const items = wanted.flatMap((site) =>
      planSite(run, site, bySlug.get(site.slug), areas.get(site.slug) ?? [], unordered),
    );
    const extra = run.prune ? there.filter((row) => !slugs.includes(row.slug)) : [];
    return {
      items: [
        ...items,
        ...extra.map((row) => planRemoval('site', row.slug, () => removeUnnamed(run, row.id))),
      ],
      // An order needs every area to be there.
      async settle() {
        for (const order of unordered) await order();
      },
    };
  },
});

async function read({ tx, scope }: ManifestReader): Promise<SectionContent> {
  const sites = await selectSitesBySlug(tx, scope.organizationId, null);
  const slugs = sites.map((site) => site.slug);
  const areas = Map.groupBy(
    await selectAreasOfSites(tx, scope.organizationId, slugs),
    (area) => area.site_slug,
  );
  return {
    entries: sites.map(({ slug, name, timezone, opening_hours }) => ({
      slug,
      name,
      timezone,
      opening_hours,
      areas: (areas.get(slug) ?? []).map((area) => ({ slug: area.slug, name: area.name, kind: area.kind })),
    })),
  };
}

/** The site, then its areas; those that the file does not list go only by `prune`. */
function planSite(
  run: ManifestRun,
  wanted: ManifestSite,
  before: SiteRow | undefined,
  there: readonly AreaRow[],
  unordered: (() => Promise<unknown>)[],
): PlannedStep[] {
  const fields: SiteFields = {
    slug: wanted.slug,
    name: wanted.name,
    timezone: normalizeTimeZone(wanted.timezone) ?? wanted.timezone,
    opening_hours:
      wanted.opening_hours === undefined ? (before?.opening_hours ?? null) : wanted.opening_hours,
  };
  let saved = before;
  const order = orderOf(wanted, there);
  const current = before && { ...before, ...(order === undefined ? {} : { area_order: order.from }) };
  const target = { ...fields, ...(order === undefined ? {} : { area_order: order.to }) };
  const site = planEntry('site', wanted.slug, current, target, async () => {
    const place = await saveSite(run, before, fields);
    saved = place;
    if (order !== undefined) unordered.push(() => saveOrder(run, place, order.to));
  });
  const bySlug = new Map(there.map((row) => [row.slug, row]));
  const areas = (wanted.areas ?? []).map((area) => {
    const old = bySlug.get(area.slug);
    const kind = area.kind === undefined ? (old?.kind ?? null) : area.kind;
    const areaFields = { slug: area.slug, name: area.name, kind };
    return planEntry('area', `${wanted.slug}/${area.slug}`, old && { ...old }, areaFields, async () => {
      // The site's own step ran before: it is there.
      if (saved === undefined) throw notFound('site');
      await saveArea(run, saved, old, areaFields);
    });
  });
  const named = new Set(wanted.areas?.map((area) => area.slug));
  const extra = run.prune && wanted.areas !== undefined ? there.filter((row) => !named.has(row.slug)) : [];
  return [
    site,
    ...areas,
    ...extra.map((row) => planRemoval('area', `${wanted.slug}/${row.slug}`, () => removeArea(run, row))),
  ];
}

/** The order in which a file lists the areas is theirs. undefined: it is so already, once the new ones are there. */
function orderOf(
  wanted: ManifestSite,
  there: readonly AreaRow[],
): { from: string[]; to: string[] } | undefined {
  const to = (wanted.areas ?? []).map((area) => area.slug);
  const from = there.map((area) => area.slug).filter((slug) => to.includes(slug));
  const added = to.filter((slug) => !from.includes(slug)).sort();
  const isSo = [...from, ...added].every((slug, index) => slug === to[index]);
  return isSo ? undefined : { from, to };
}

/** Devices at the site still refuse the removal; their section, if the file has one, was applied before. */
async function removeUnnamed(run: ManifestRun, id: string): Promise<void> {
  const site = await findSite(run.tx, run.scope.organizationId, id, true);
  if (site !== undefined) await removeSite(run, site, false);
}
