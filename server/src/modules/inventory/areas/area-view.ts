import type { Area } from '@watchkeeper/contracts/inventory';
import type { AreaRow } from './store.ts';

export function toArea(row: AreaRow): Area {
  return {
    id: row.id,
    slug: row.slug,
    site: row.site_slug,
    site_id: row.site_id,
    name: row.name,
    kind: row.kind,
    position: row.position,
    device_count: row.device_count,
    version: row.version,
    created_at: row.created_at.toISOString(),
    updated_at: row.updated_at.toISOString(),
  };
}
