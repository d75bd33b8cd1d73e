import { sql } from 'kysely';
import type { SearchPart } from '#platform/search';
import { memberRows, userRows } from './door-store.ts';

export const memberSearch: SearchPart = {
  kind: 'member',
  order: 9,
  from: () => sql`${memberRows} m join ${userRows} a on a.id = m.user_id`,
  owner: sql`m.organization_id`,
  slug: sql`a.email`,
  site: false,
  status: sql`m.role`,
};
