import type { Tx } from '#platform/db/database';
import { invalidField } from '#platform/errors';
import { type PlaceRow, selectAreas, selectDevices, selectSites } from './references-store.ts';

/** Names of sites, areas and devices in a payload, looked up once for all items of a body. */
export interface Places {
  /** @throws validation_failed naming the field */
  site(reference: string): PlaceRow;
  device(reference: string): PlaceRow;
  /** Areas are named within their site. */
  area(reference: string, siteId: string): PlaceRow;
}

export interface PlaceNames {
  readonly site?: string | undefined;
  readonly device?: string | undefined;
  readonly area?: string | undefined;
}

export async function readPlaces(
  tx: Tx,
  organizationId: string,
  items: readonly PlaceNames[],
): Promise<Places> {
  const named = (field: keyof PlaceNames) => [
    ...new Set(items.flatMap((item) => (item[field] === undefined ? [] : [item[field]]))),
  ];
  const [siteNames, deviceNames, areaNames] = [named('site'), named('device'), named('area')];
  const sites = siteNames.length === 0 ? [] : await selectSites(tx, organizationId, siteNames);
  const devices = deviceNames.length === 0 ? [] : await selectDevices(tx, organizationId, deviceNames);
  const areas = areaNames.length === 0 ? [] : await selectAreas(tx, organizationId, areaNames);
  const find = (rows: readonly PlaceRow[], field: string, reference: string, siteId?: string): PlaceRow => {
    const fits = (row: PlaceRow) => siteId === undefined || row.site_id === siteId;
    const row =
      rows.find((one) => one.slug === reference && fits(one)) ??
      rows.find((one) => one.id === reference && fits(one));
    if (row === undefined) throw invalidField(field, `there is no ${field} "${reference}"`);
    return row;
  };
  return {
    site: (reference) => find(sites, 'site', reference),
    device: (reference) => find(devices, 'device', reference),
    area: (reference, siteId) => find(areas, 'area', reference, siteId),
  };
}
