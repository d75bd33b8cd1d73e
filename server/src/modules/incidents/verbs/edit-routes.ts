import {
  Incident,
  IncidentChange,
  IncidentLink,
  IncidentLinkBody,
  IncidentNoteBody,
} from '@watchkeeper/contracts';
import Type from 'typebox';
import { tenantScope } from '#modules/identity';
import type { Ctx } from '#platform/context';
import type { App } from '#platform/http/app';
import { etagOf, requireMatch } from '#platform/http/etag';
import { changeIncident, writeNote } from './change-incident.ts';
import { addLink, removeLink } from './links.ts';

const tags = ['incidents'];
const base = '/api/v1/:org/incidents/:id';
const params = Type.Object({
  org: Type.String(),
  id: Type.String({ description: 'Id or number.' }),
});

/** Title, priority, note and links of an incident. */
export function editRoutes(app: App, ctx: Ctx): void {
  app.patch(
    base,
    {
      schema: {
        operationId: 'changeIncident',
        access: 'alerts:operate',
        summary: 'Another title, or a priority by hand',
        description:
          'A priority needs a reason, and stays until it is set to null: then it is computed again. With If-Match, a change of an older version is refused.',
        tags,
        params,
        body: IncidentChange,
        response: { 200: Incident },
      },
    },
    async (request, reply) => {
      const incident = await changeIncident(
        ctx,
        await tenantScope(request),
        request.params.id,
        request.body,
        (version) => requireMatch(request, version),
      );
      return reply.header('etag', etagOf(incident.version)).send(incident);
    },
  );

  app.put(
    `${base}/note`,
    {
      schema: {
        operationId: 'writeIncidentNote',
        access: 'alerts:operate',
        summary: 'Write what was learned; one text per incident',
        tags,
        params,
        body: IncidentNoteBody,
        response: { 200: Incident },
      },
    },
    async (request, reply) => {
      const incident = await writeNote(
        ctx,
        await tenantScope(request),
        request.params.id,
        request.body.text,
        (version) => requireMatch(request, version),
      );
      return reply.header('etag', etagOf(incident.version)).send(incident);
    },
  );

  app.post(
    `${base}/links`,
    {
      schema: {
        operationId: 'addIncidentLink',
        access: 'alerts:operate',
        summary: 'Add a link, for example to a ticket or a dashboard',
        tags,
        params,
        body: IncidentLinkBody,
        response: { 201: IncidentLink },
      },
    },
    async (request, reply) => {
      const link = await addLink(ctx, await tenantScope(request), request.params.id, request.body);
      return reply.code(201).send(link);
    },
  );

  app.delete(
    `${base}/links/:link`,
    {
      schema: {
        operationId: 'removeIncidentLink',
        access: 'alerts:operate',
        summary: 'Remove a link',
        tags,
        params: Type.Object({ ...params.properties, link: Type.String() }),
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      await removeLink(ctx, await tenantScope(request), request.params.id, request.params.link);
      return reply.code(204).send(null);
    },
  );
}
