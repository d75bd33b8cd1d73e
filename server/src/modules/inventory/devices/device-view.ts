import type { Device } from '@watchkeeper/contracts/inventory';
import type { DeviceRow } from './store.ts';

export function toDevice(row: DeviceRow): Device {
  return {
    id: row.id,
    slug: row.slug,
    name: row.name,
    site: row.site_slug,
    site_id: row.site_id,
    area: row.area_slug,
    area_id: row.area_id,
    type: row.type_slug,
    type_id: row.type_id,
    depends_on: row.depends_on,
    provisioned: row.provisioned,
    retired_at: row.retired_at?.toISOString() ?? null,
    version: row.version,
    created_at: row.created_at.toISOString(),
    updated_at: row.updated_at.toISOString(),
  };
}
