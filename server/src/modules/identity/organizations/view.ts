import type { Organization } from '@watchkeeper/contracts/identity';
import type { OrganizationRow } from './store.ts';

export function toOrganization(row: OrganizationRow): Organization {
  return {
    id: row.id,
    slug: row.slug,
    name: row.name,
    created_at: row.created_at.toISOString(),
    updated_at: row.updated_at.toISOString(),
  };
}
