import type { Tx } from '#platform/db/database';
import type { FieldError } from '#platform/errors';
import {
  type AreaPlaceRow,
  type PlaceRow,
  selectAreaPlaces,
  selectSitePlaces,
  selectTypePlaces,
} from './store.ts';

/** Where a device is and its type, as the caller wrote it: slugs or ids. */
export interface PlaceReferences {
  site: string;
  area: string | null;
  type: string | null;
}

export interface Place {
  site: PlaceRow;
  area: PlaceRow | null;
  type: PlaceRow | null;
}

export interface Places {
  sites: readonly PlaceRow[];
  areas: readonly AreaPlaceRow[];
  types: readonly PlaceRow[];
}

/** Looks up all that these references may mean, in three statements however many they are. */
export async function loadPlaces(
  tx: Tx,
  organizationId: string,
  wanted: readonly PlaceReferences[],
): Promise<PlaceIndex> {
  const named = (pick: (reference: PlaceReferences) => string | null) => [
    ...new Set(wanted.map(pick).filter((reference) => reference !== null)),
  ];
  const sites = await selectSitePlaces(
    tx,
    organizationId,
    named((reference) => reference.site),
  );
  const areaReferences = named((reference) => reference.area);
  const siteIds = sites.map((site) => site.id);
  const areas =
    areaReferences.length === 0 ? [] : await selectAreaPlaces(tx, organizationId, siteIds, areaReferences);
  const typeReferences = named((reference) => reference.type);
  const types = typeReferences.length === 0 ? [] : await selectTypePlaces(tx, organizationId, typeReferences);
  return indexPlaces({ sites, areas, types });
}

export type PlaceIndex = ReturnType<typeof indexPlaces>;

function indexPlaces(places: Places) {
  return {
    sites: byReference(places.sites),
    types: byReference(places.types),
    areas: Map.groupBy(places.areas, (area) => area.site_id),
  };
}

/** A slug that looks like the id of another row wins, as in paths. */
function byReference(rows: readonly PlaceRow[]): Map<string, PlaceRow> {
  return new Map([
    ...rows.map((row) => [row.id, row] as const),
    ...rows.map((row) => [row.slug, row] as const),
  ]);
}

/** Resolves the references; each unknown one becomes an error naming its field. */
export function resolvePlace(
  index: PlaceIndex,
  wanted: PlaceReferences,
  prefix: string,
): { place: Place | undefined; errors: FieldError[] } {
  const errors: FieldError[] = [];
  const site = index.sites.get(wanted.site);
  if (site === undefined)
    errors.push({ field: `${prefix}site`, message: `there is no site "${wanted.site}"` });
  const type = wanted.type === null ? null : index.types.get(wanted.type);
  if (type === undefined)
    errors.push({ field: `${prefix}type`, message: `there is no device type "${wanted.type}"` });
  const areas = site === undefined ? [] : (index.areas.get(site.id) ?? []);
  const area =
    wanted.area === null ? null : areas.find((one) => one.slug === wanted.area || one.id === wanted.area);
  if (area === undefined && site !== undefined) {
    errors.push({
      field: `${prefix}area`,
      message: `there is no area "${wanted.area}" at the site "${site.slug}"`,
    });
  }
  if (site === undefined || type === undefined || area === undefined) return { place: undefined, errors };
  return { place: { site, area, type }, errors };
}
