import {
  Checklist,
  ChecklistItemBody,
  Id,
  IncidentResponses,
  Workflow,
  WorkflowBody,
  WorkflowCreated,
  WorkflowList,
  WorkflowPreview,
  WorkflowPreviewBody,
  WorkflowRun,
  WorkflowRunPage,
  WorkflowRunQuery,
  WorkflowStartBody,
  WorkflowStepKinds,
  WorkflowStopBody,
  workflowStepItemsMax,
} from '@watchkeeper/contracts';
import Type from 'typebox';
import { tenantScope } from '#modules/identity';
import type { Ctx } from '#platform/context';
import type { App } from '#platform/http/app';
import { etagOf, requireMatch } from '#platform/http/etag';
import { readResponses } from './checklists/read-responses.ts';
import { tickItem } from './checklists/tick-item.ts';
import { getWorkflow, listWorkflows, previewWorkflow } from './definition/read-workflows.ts';
import { changeWorkflow, createWorkflow, deleteWorkflow } from './definition/save-workflow.ts';
import { resumeAll, stopAll } from './definition/stop-all.ts';
import { toWorkflow } from './definition/workflow-view.ts';
import { stepKinds } from './registry.ts';
import { listRuns } from './runs/read-runs.ts';
import { startByHand } from './runs/start-by-hand.ts';

const tags = ['workflows'];
const base = '/api/v1/:org/workflows';
const Org = Type.Object({ org: Type.String() });
const One = Type.Object({ org: Type.String(), id: Id });

export function routes(app: App, ctx: Ctx): void {
  collectionRoutes(app, ctx);
  singleRoutes(app, ctx);
  switchRoutes(app, ctx);
  runRoutes(app, ctx);
  responseRoutes(app, ctx);
}

function collectionRoutes(app: App, ctx: Ctx): void {
  app.get(
    base,
    {
      schema: {
        operationId: 'listWorkflows',
        access: 'read',
        summary: 'Response workflows, by name, and whether all are stopped',
        tags,
        params: Org,
        response: { 200: WorkflowList },
      },
    },
    async (request) => await listWorkflows(ctx, await tenantScope(request)),
  );
  app.post(
    base,
    {
      schema: {
        operationId: 'createWorkflow',
        access: 'rules:write',
        summary: 'Add a response workflow',
        description:
          'It runs at most once for an incident, and only for what happens after it was switched on.',
        tags,
        params: Org,
        body: WorkflowBody,
        response: { 201: WorkflowCreated },
      },
      config: { idempotent: true },
    },
    async (request, reply) => {
      const { row, secret } = await createWorkflow(ctx, await tenantScope(request), request.body);
      reply.code(201).header('etag', etagOf(row.version));
      return reply.send({ ...toWorkflow(row), signing_secret: secret });
    },
  );
  app.get(
    `${base}/step-kinds`,
    {
      schema: {
        operationId: 'listWorkflowStepKinds',
        access: 'read',
        summary: 'What a step of a workflow can do, and the fields of its config',
        tags,
        params: Org,
        response: { 200: WorkflowStepKinds },
      },
    },
    async (request) => {
      await tenantScope(request);
      return { data: stepKinds.all.map((kind) => stepKinds.describe(kind)) };
    },
  );
  app.post(
    `${base}/preview`,
    {
      schema: {
        operationId: 'previewWorkflow',
        access: 'read',
        summary: 'Preview what a workflow would do, and for which past incidents it would have run',
        tags,
        params: Org,
        body: WorkflowPreviewBody,
        response: { 200: WorkflowPreview },
      },
      config: { unaudited: 'it saves and starts nothing' },
    },
    async (request) => await previewWorkflow(ctx, await tenantScope(request), request.body),
  );
}

function singleRoutes(app: App, ctx: Ctx): void {
  app.get(
    `${base}/:id`,
    {
      schema: {
        operationId: 'getWorkflow',
        access: 'read',
        summary: 'Read a workflow',
        tags,
        params: One,
        response: { 200: Workflow },
      },
    },
    async (request, reply) => {
      const workflow = await getWorkflow(ctx, await tenantScope(request), request.params.id);
      return reply.header('etag', etagOf(workflow.version)).send(workflow);
    },
  );
  app.put(
    `${base}/:id`,
    {
      schema: {
        operationId: 'updateWorkflow',
        access: 'rules:write',
        summary: 'Change a workflow',
        description:
          'Runs that are under way go on with the steps that they began with. Switched off, they stop.',
        tags,
        params: One,
        body: WorkflowBody,
        response: { 200: Workflow },
      },
    },
    async (request, reply) => {
      const scope = await tenantScope(request);
      const check = (version: number) => requireMatch(request, version);
      const row = await changeWorkflow(ctx, scope, request.params.id, request.body, check);
      return reply.header('etag', etagOf(row.version)).send(toWorkflow(row));
    },
  );
  app.delete(
    `${base}/:id`,
    {
      schema: {
        operationId: 'deleteWorkflow',
        access: 'rules:write',
        summary: 'Delete a workflow',
        tags,
        params: One,
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      await deleteWorkflow(ctx, await tenantScope(request), request.params.id);
      return reply.code(204).send(null);
    },
  );
}

function switchRoutes(app: App, ctx: Ctx): void {
  app.post(
    `${base}/stop`,
    {
      schema: {
        operationId: 'stopWorkflows',
        access: 'alerts:operate',
        summary: 'The kill switch: stop all workflows at once',
        tags,
        params: Org,
        body: WorkflowStopBody,
        response: { 200: WorkflowList },
      },
    },
    async (request) => {
      const scope = await tenantScope(request);
      await stopAll(ctx, scope, request.body.reason);
      return await listWorkflows(ctx, scope);
    },
  );
  app.post(
    `${base}/resume`,
    {
      schema: {
        operationId: 'resumeWorkflows',
        access: 'rules:write',
        summary: 'Let workflows run again',
        tags,
        params: Org,
        response: { 200: WorkflowList },
      },
    },
    async (request) => {
      const scope = await tenantScope(request);
      await resumeAll(ctx, scope);
      return await listWorkflows(ctx, scope);
    },
  );
}

function runRoutes(app: App, ctx: Ctx): void {
  app.get(
    `${base}/runs`,
    {
      schema: {
        operationId: 'listWorkflowRuns',
        access: 'read',
        summary: 'Runs of workflows, newest first, and what each step answered',
        tags,
        params: Org,
        querystring: WorkflowRunQuery,
        response: { 200: WorkflowRunPage },
      },
    },
    async (request) => await listRuns(ctx, await tenantScope(request), request.query),
  );
  app.post(
    `${base}/:id/start`,
    {
      schema: {
        operationId: 'startWorkflow',
        access: 'alerts:operate',
        summary: 'Start a workflow for an incident by hand',
        description: 'Whatever its trigger and conditions say. One that is off does a dry run.',
        tags,
        params: One,
        body: WorkflowStartBody,
        response: { 201: WorkflowRun },
      },
      config: { idempotent: true },
    },
    async (request, reply) => {
      const scope = await tenantScope(request);
      return reply.code(201).send(await startByHand(ctx, scope, request.params.id, request.body.incident));
    },
  );
}

function responseRoutes(app: App, ctx: Ctx): void {
  app.get(
    '/api/v1/:org/incidents/:id/responses',
    {
      schema: {
        operationId: 'getIncidentResponses',
        access: 'read',
        summary: 'What workflows did for an incident, and its checklists',
        tags,
        params: One,
        response: { 200: IncidentResponses },
      },
    },
    async (request) => await readResponses(ctx, await tenantScope(request), request.params.id),
  );
  app.put(
    '/api/v1/:org/checklists/:id/items/:item',
    {
      schema: {
        operationId: 'tickChecklistItem',
        access: 'alerts:operate',
        summary: 'Tick an item of a checklist, or take the tick back',
        tags,
        params: Type.Object({
          org: Type.String(),
          id: Id,
          item: Type.Integer({
            minimum: 0,
            maximum: workflowStepItemsMax,
            description: 'Its place, from 0.',
          }),
        }),
        body: ChecklistItemBody,
        response: { 200: Checklist },
      },
    },
    async (request) => {
      const { id, item: index } = request.params;
      return await tickItem(ctx, await tenantScope(request), { id, index, done: request.body.done });
    },
  );
}
