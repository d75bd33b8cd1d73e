import { sql } from 'kysely';
import type { SearchPart } from '#platform/search';

export const channelSearch: SearchPart = {
  kind: 'channel',
  order: 5,
  from: () => sql`channels a`,
  slug: sql`a.kind`,
  site: false,
  status: sql`case when a.enabled then 'enabled' else 'disabled' end`,
};
