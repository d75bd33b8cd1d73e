import { listMemberNames } from '#modules/identity';
import type { Tx } from '#platform/db/database';
import { peopleOf } from '../people.ts';
import { findTeam } from './store.ts';

/** The people of a team, for modules above; without those who have left. null: there is no such team (any more). */
export async function membersOfTeam(
  tx: Tx,
  organizationId: string,
  teamId: string,
): Promise<{ userId: string; name: string }[] | null> {
  const team = await findTeam(tx, organizationId, teamId);
  if (team === undefined) return null;
  const people = peopleOf(team.members, await listMemberNames(tx, organizationId));
  return people.map(({ id: userId, name }) => ({ userId, name }));
}
