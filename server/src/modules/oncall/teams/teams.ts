import { type OnCallTeam, type OnCallTeamBody, onCallTeamsMax } from '@watchkeeper/contracts';
import { audit, listMemberNames, requirePermission, type Scope } from '#modules/identity';
import { nowDate } from '#platform/clock';
import type { Ctx } from '#platform/context';
import type { Tx } from '#platform/db/database';
import { AppError, invalidField, notFound } from '#platform/errors';
import { newId } from '#platform/ids';
import { peopleOf, refuseStrangers } from '../people.ts';
import {
  deleteTeamRow,
  findTeam,
  insertTeam,
  listTeamRows,
  lockTeam,
  type TeamRow,
  updateTeam,
} from './store.ts';

type SaveCtx = Pick<Ctx, 'db' | 'clock' | 'live'>;

export async function listTeams(ctx: Pick<Ctx, 'db'>, scope: Scope): Promise<{ data: OnCallTeam[] }> {
  requirePermission(scope, 'read');
  const { organizationId } = scope;
  return await ctx.db.tenant(organizationId, async (tx) => {
    const names = await listMemberNames(tx, organizationId);
    return { data: (await listTeamRows(tx, organizationId)).map((row) => toTeam(row, names)) };
  });
}

/** @throws not_found */
export async function getTeam(ctx: Pick<Ctx, 'db'>, scope: Scope, id: string): Promise<OnCallTeam> {
  requirePermission(scope, 'read');
  return await ctx.db.tenant(scope.organizationId, (tx) => readTeam(tx, scope.organizationId, id));
}

/** @throws validation_failed, conflict */
export async function createTeam(ctx: SaveCtx, scope: Scope, body: OnCallTeamBody): Promise<OnCallTeam> {
  requirePermission(scope, 'oncall:write');
  const { organizationId } = scope;
  return await ctx.db.tenant(organizationId, async (tx) => {
    await refuseStrangers(tx, organizationId, 'members', body.members);
    if ((await listTeamRows(tx, organizationId)).length >= onCallTeamsMax)
      throw new AppError(
        'conflict',
        `An organization has at most ${onCallTeamsMax} teams. Delete one first.`,
      );
    const id = newId();
    if (!(await insertTeam(tx, organizationId, { ...body, id, at: nowDate(ctx.clock) }))) throw sameName();
    const team = await readTeam(tx, organizationId, id);
    await audit(tx, scope, { action: 'oncall_team.created', target: targetOf(team), after: team });
    await ctx.live.publish(tx, { organizationId, topic: 'oncall', ids: [id] });
    return team;
  });
}

/** `checkVersion` is the caller's If-Match. @throws not_found, validation_failed */
export async function changeTeam(
  ctx: SaveCtx,
  scope: Scope,
  id: string,
  body: OnCallTeamBody,
  checkVersion: (version: number) => void,
): Promise<OnCallTeam> {
  requirePermission(scope, 'oncall:write');
  const { organizationId } = scope;
  return await ctx.db.tenant(organizationId, async (tx) => {
    const before = await lockTeam(tx, organizationId, id);
    if (before === undefined) throw notFound('team');
    checkVersion(before.version);
    await refuseStrangers(tx, organizationId, 'members', body.members, before.members);
    if (!(await updateTeam(tx, organizationId, { ...body, id, at: nowDate(ctx.clock) }))) throw sameName();
    const team = await readTeam(tx, organizationId, id);
    await audit(tx, scope, { action: 'oncall_team.updated', target: targetOf(team), before, after: team });
    await ctx.live.publish(tx, { organizationId, topic: 'oncall', ids: [id] });
    return team;
  });
}

/** Its schedules stay, without a team. @throws not_found */
export async function deleteTeam(ctx: SaveCtx, scope: Scope, id: string): Promise<void> {
  requirePermission(scope, 'oncall:write');
  const { organizationId } = scope;
  await ctx.db.tenant(organizationId, async (tx) => {
    const before = await lockTeam(tx, organizationId, id);
    if (before === undefined) throw notFound('team');
    await deleteTeamRow(tx, id);
    await audit(tx, scope, { action: 'oncall_team.deleted', target: targetOf(before), before });
    await ctx.live.publish(tx, { organizationId, topic: 'oncall', ids: [id] });
  });
}

async function readTeam(tx: Tx, organizationId: string, id: string): Promise<OnCallTeam> {
  const row = await findTeam(tx, organizationId, id);
  if (row === undefined) throw notFound('team');
  return toTeam(row, await listMemberNames(tx, organizationId));
}

function toTeam(row: TeamRow, names: ReadonlyMap<string, string>): OnCallTeam {
  return {
    id: row.id,
    name: row.name,
    members: peopleOf(row.members, names),
    created_at: row.created_at.toISOString(),
    updated_at: row.updated_at.toISOString(),
    version: row.version,
  };
}

function targetOf({ id, name }: { id: string; name: string }) {
  return { kind: 'oncall_team', id, name };
}

function sameName() {
  return invalidField('name', 'is the name of another team');
}
