import { sql } from 'kysely';
import type { Tx } from '#platform/db/database';

export interface WordRow {
  id: number;
  word: string;
}

export async function selectWords(tx: Tx, organizationId: string): Promise<WordRow[]> {
  const { rows } = await sql<WordRow>`
    select id, word from telemetry_words where organization_id = ${organizationId} order by id`.execute(tx);
  return rows;
}

/** Numbers follow each other without gaps, so that most fit one byte; the lock keeps two processes in line. */
export async function insertWords(
  tx: Tx,
  organizationId: string,
  words: readonly string[],
  idMax: number,
): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtext('telemetry_words'), hashtext(${organizationId}))`.execute(
    tx,
  );
  await sql`
    insert into telemetry_words (organization_id, id, word)
    select ${organizationId}, known.last + row_number() over (order by new.word), new.word
    from unnest(${words}::text[]) as new(word),
      (select coalesce(max(id), 0) as last from telemetry_words where organization_id = ${organizationId}) as known
    where not exists (select from telemetry_words w where w.organization_id = ${organizationId} and w.word = new.word)
      and known.last < ${idMax}
    on conflict do nothing`.execute(tx);
}
