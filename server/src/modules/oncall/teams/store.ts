import { sql } from 'kysely';
import type { Tx } from '#platform/db/database';

export interface TeamRow {
  readonly id: string;
  readonly name: string;
  /** Accounts, also of those who have left. */
  readonly members: readonly string[];
  readonly created_at: Date;
  readonly updated_at: Date;
  readonly version: number;
}

const columns = sql`id, name, members, created_at, updated_at, version`;

export async function listTeamRows(tx: Tx, organizationId: string): Promise<TeamRow[]> {
  const { rows } = await sql<TeamRow>`
    select ${columns} from oncall_teams where organization_id = ${organizationId} order by lower(name), id`.execute(
    tx,
  );
  return rows;
}

export async function findTeam(tx: Tx, organizationId: string, id: string): Promise<TeamRow | undefined> {
  const { rows } = await sql<TeamRow>`
    select ${columns} from oncall_teams where organization_id = ${organizationId} and id = ${id}`.execute(tx);
  return rows[0];
}

/** Locked until the transaction ends. */
export async function lockTeam(tx: Tx, organizationId: string, id: string): Promise<TeamRow | undefined> {
  const { rows } = await sql<TeamRow>`
    select ${columns} from oncall_teams where organization_id = ${organizationId} and id = ${id} for update`.execute(
    tx,
  );
  return rows[0];
}

interface WrittenTeam {
  readonly id: string;
  readonly name: string;
  readonly members: readonly string[];
  readonly at: Date;
}

/** False: the name is taken. */
export async function insertTeam(tx: Tx, organizationId: string, team: WrittenTeam): Promise<boolean> {
  const { id, name, members, at } = team;
  const { rows } = await sql`
    insert into oncall_teams (organization_id, id, name, members, created_at, updated_at)
    values (${organizationId}, ${id}, ${name}, ${[...members]}::uuid[], ${at}, ${at})
    on conflict (organization_id, lower(name)) do nothing returning id`.execute(tx);
  return rows.length === 1;
}

/** False: the name is that of another team. */
export async function updateTeam(tx: Tx, organizationId: string, team: WrittenTeam): Promise<boolean> {
  const { id, name, members, at } = team;
  const { rows } = await sql`
    update oncall_teams set name = ${name}, members = ${[...members]}::uuid[], updated_at = ${at}, version = version + 1
    where id = ${id} and not exists (select from oncall_teams
      where organization_id = ${organizationId} and lower(name) = lower(${name}) and id <> ${id})
    returning id`.execute(tx);
  return rows.length === 1;
}

export async function deleteTeamRow(tx: Tx, id: string): Promise<void> {
  await sql`delete from oncall_teams where id = ${id}`.execute(tx);
}
