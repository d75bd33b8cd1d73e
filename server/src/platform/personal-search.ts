import { sql } from 'kysely';
import type { Tx } from './db/database.ts';
import { jsonPattern, tellingNames, textPattern } from './personal-patterns.ts';
import type { Person } from './privacy.ts';

export interface StillThere {
  readonly column: string;
  readonly rows: number;
}

/**
 * Where the whole database still holds the address or a telling name of a person: every column of text or JSON of
 * every table, whoever owns it. Reads all rows, so it takes its time.
 */
export async function searchPerson(tx: Tx, person: Person): Promise<StillThere[]> {
  const names = tellingNames(person);
  const patterns = { text: textPattern(person.email, names), json: jsonPattern(person.email, names) };
  const { rows: columns } = await sql<{ schema: string; table: string; column: string; type: string }>`
    select n.nspname as schema, c.relname as table, a.attname as column, t.typname as type
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    join pg_type t on t.oid = a.atttypid
    where c.relkind in ('r', 'p') and not c.relispartition
      and n.nspname not in ('pg_catalog', 'information_schema') and n.nspname not like 'pg\\_%'
      and t.typname in ('text', '_text', 'varchar', '_varchar', 'json', 'jsonb', 'name')
    order by 1, 2, a.attnum`.execute(tx);
  const found: StillThere[] = [];
  for (const { schema, table, column, type } of columns) {
    const pattern = type.startsWith('json') ? patterns.json : patterns.text;
    const { rows } = await sql<{ rows: number }>`
      select count(*)::int as rows from ${sql.table(`${schema}.${table}`)}
      where ${sql.ref(column)}::text ~* ${pattern}`.execute(tx);
    const count = rows[0]?.rows ?? 0;
    if (count > 0) found.push({ column: `${table}.${column}`, rows: count });
  }
  return found;
}
