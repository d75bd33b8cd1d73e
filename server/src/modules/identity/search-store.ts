import { sql } from 'kysely';
import type { SearchPart } from '#platform/search';

export const memberSearch: SearchPart = {
  kind: 'member',
  order: 9,
  from: () => sql`members m join users a on a.id = m.user_id`,
  owner: sql`m.organization_id`,
  slug: sql`a.email`,
  site: false,
  status: sql`m.role`,
};
