import { sql } from 'kysely';
import type { Tx } from '#platform/db/database';

export interface EnvironmentCheck {
  readonly id: string;
  readonly slug: string;
  readonly environment_key: string;
}

/** Processes that start at the same time take turns. */
export async function lockEnvironmentChecks(tx: Tx, organizationId: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended('checks.environment ' || ${organizationId}, 0))`.execute(
    tx,
  );
}

export async function selectEnvironmentChecks(tx: Tx, organizationId: string): Promise<EnvironmentCheck[]> {
  const { rows } = await sql<EnvironmentCheck>`
    select id, slug, environment_key from checks
    where organization_id = ${organizationId} and environment_key is not null order by slug`.execute(tx);
  return rows;
}

export async function markEnvironment(tx: Tx, id: string, key: string): Promise<void> {
  await sql`update checks set environment_key = ${key} where id = ${id}`.execute(tx);
}

/** Which of these slugs are taken. */
export async function findTaken(tx: Tx, organizationId: string, slugs: readonly string[]): Promise<string[]> {
  const { rows } = await sql<{ slug: string }>`
    select slug from checks where organization_id = ${organizationId} and slug = any(${[...slugs]}::text[])`.execute(
    tx,
  );
  return rows.map((row) => row.slug);
}

export interface Declared {
  readonly role: string;
  readonly keys: readonly string[];
}

export async function readDeclared(tx: Tx): Promise<Declared[]> {
  const { rows } = await sql<Declared>`select role, keys from environment_checks`.execute(tx);
  return rows;
}

export async function declareChecks(tx: Tx, role: string, keys: readonly string[]): Promise<void> {
  await sql`insert into environment_checks (role, keys) values (${role}, ${[...keys]})
    on conflict (role) do update set keys = excluded.keys`.execute(tx);
}
