import type { Site } from '@watchkeeper/contracts/inventory';
import { isOpen } from '../calendar.ts';
import type { SiteRow } from './store.ts';

export function toSite(row: SiteRow, now: Date): Site {
  const state = isOpen(row.opening_hours, row.timezone, now);
  return {
    id: row.id,
    slug: row.slug,
    name: row.name,
    timezone: row.timezone,
    opening_hours: row.opening_hours,
    open_now: state.open,
    opens_at: state.opensAt?.toISOString() ?? null,
    closes_at: state.closesAt?.toISOString() ?? null,
    area_count: row.area_count,
    device_count: row.device_count,
    version: row.version,
    created_at: row.created_at.toISOString(),
    updated_at: row.updated_at.toISOString(),
  };
}
