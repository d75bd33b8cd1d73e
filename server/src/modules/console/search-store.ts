import type { SearchKind } from '@watchkeeper/contracts/search';
import { type RawBuilder, sql } from 'kysely';
import type { Tx } from '#platform/db/database';
import type { SearchPart } from '#platform/search';

export interface SearchRow {
  kind: SearchKind;
  id: string;
  slug: string | null;
  name: string;
  site_slug: string | null;
  site_name: string | null;
  status: string | null;
  at: Date | null;
}

/** Results per kind. A person reads one screen and then types another letter. */
const perKindMax = 6;
const hitsMax = 20;

interface Search {
  organizationId: string;
  /** Lower case, without repeated spaces. */
  phrase: string;
  /** The words of the phrase. All of them must occur. */
  words: readonly string[];
  /** The rows in which modules allow searching. */
  parts: readonly SearchPart[];
}

/**
 * One statement over everything that has a name. It reads the organization's rows instead of a word index, because
 * row-level security keeps PostgreSQL from using one (its operators are not leak-proof). Reading 10,000 devices takes
 * some ten milliseconds. Uses `strpos` instead of LIKE, so that no character is special.
 */
export async function findByText(tx: Tx, search: Search): Promise<SearchRow[]> {
  const kinds = search.parts.map((one) => part(search, one));
  const { rows } = await sql<SearchRow>`
    select kind, id, slug, name, site_slug, site_name, status, at from (${sql.join(kinds, sql` union all `)}) hits
    order by rank, kind_order, at desc nulls last, length(name), name, id limit ${hitsMax}`.execute(tx);
  return rows;
}

function part({ organizationId, phrase, words }: Search, of: SearchPart): RawBuilder<unknown> {
  const slug = of.slug ?? sql`a.slug`;
  const name = of.name ?? sql`a.name`;
  const site = of.site ?? true;
  const owner = of.owner ?? sql`a.organization_id`;
  const text = site
    ? sql`lower(concat_ws(' ', ${name}, ${slug}, s.name))`
    : sql`lower(concat_ws(' ', ${name}, ${slug}))`;
  const found = words.map((word) => sql`strpos(${text}, ${word}) > 0`);
  return sql`(select ${of.kind} as kind, ${of.order}::int as kind_order, a.id, ${slug} as slug, ${name} as name,
      ${site ? sql`s.slug` : sql`null::text`} as site_slug, ${site ? sql`s.name` : sql`null::text`} as site_name,
      ${of.status ?? sql`null::text`} as status, ${of.at ?? sql`null::timestamptz`} as at,
      case when lower(${name}) = ${phrase} or lower(${slug}) = ${phrase} then 0
        when starts_with(lower(${name}), ${phrase}) or starts_with(lower(${slug}), ${phrase}) then 1
        when strpos(' ' || ${text}, ' ' || ${phrase}::text) > 0 then 2 else 3 end as rank
    from ${of.from(organizationId)}
    where ${owner} = ${organizationId} and ${of.where ?? sql`true`} and ${sql.join(found, sql` and `)}
    order by rank, at desc nulls last, length(${name}), name, id limit ${perKindMax})`;
}
