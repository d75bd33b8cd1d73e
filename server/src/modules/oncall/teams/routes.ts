import { Id, OnCallTeam, OnCallTeamBody, OnCallTeamList } from '@watchkeeper/contracts';
import Type from 'typebox';
import { tenantScope } from '#modules/identity';
import type { Ctx } from '#platform/context';
import type { App } from '#platform/http/app';
import { etagOf, requireMatch } from '#platform/http/etag';
import { changeTeam, createTeam, deleteTeam, getTeam, listTeams } from './teams.ts';

const tags = ['on-call'];
const Org = Type.Object({ org: Type.String() });
const One = Type.Object({ org: Type.String(), id: Id });
const teamsPath = '/api/v1/:org/oncall/teams';

export function teamRoutes(app: App, ctx: Ctx): void {
  allTeams(app, ctx);
  oneTeam(app, ctx);
}

function allTeams(app: App, ctx: Ctx): void {
  app.get(
    teamsPath,
    {
      schema: {
        operationId: 'listOnCallTeams',
        access: 'read',
        summary: 'Teams, by name',
        tags,
        params: Org,
        response: { 200: OnCallTeamList },
      },
    },
    async (request) => await listTeams(ctx, await tenantScope(request)),
  );
  app.post(
    teamsPath,
    {
      schema: {
        operationId: 'createOnCallTeam',
        access: 'oncall:write',
        summary: 'Add a team',
        tags,
        params: Org,
        body: OnCallTeamBody,
        response: { 201: OnCallTeam },
      },
      config: { idempotent: true },
    },
    async (request, reply) => {
      const team = await createTeam(ctx, await tenantScope(request), request.body);
      return reply.code(201).header('etag', etagOf(team.version)).send(team);
    },
  );
}

function oneTeam(app: App, ctx: Ctx): void {
  app.get(
    `${teamsPath}/:id`,
    {
      schema: {
        operationId: 'getOnCallTeam',
        access: 'read',
        summary: 'Read a team',
        tags,
        params: One,
        response: { 200: OnCallTeam },
      },
    },
    async (request, reply) => {
      const team = await getTeam(ctx, await tenantScope(request), request.params.id);
      return reply.header('etag', etagOf(team.version)).send(team);
    },
  );
  app.put(
    `${teamsPath}/:id`,
    {
      schema: {
        operationId: 'updateOnCallTeam',
        access: 'oncall:write',
        summary: 'Change a team',
        tags,
        params: One,
        body: OnCallTeamBody,
        response: { 200: OnCallTeam },
      },
    },
    async (request, reply) => {
      const scope = await tenantScope(request);
      const check = (version: number) => requireMatch(request, version);
      const team = await changeTeam(ctx, scope, request.params.id, request.body, check);
      return reply.header('etag', etagOf(team.version)).send(team);
    },
  );
  app.delete(
    `${teamsPath}/:id`,
    {
      schema: {
        operationId: 'deleteOnCallTeam',
        access: 'oncall:write',
        summary: 'Delete a team',
        tags,
        params: One,
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      await deleteTeam(ctx, await tenantScope(request), request.params.id);
      return reply.code(204).send(null);
    },
  );
}
