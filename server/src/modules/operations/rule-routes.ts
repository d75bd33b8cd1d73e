import { listLimitDefault, RuleAnswer, RuleWrite } from '@watchkeeper/contracts';
import {
  OperationsQuery,
  OperationsRuleBody,
  OperationsRulePage,
  OperationsRuleQuery,
} from '@watchkeeper/contracts/operations';
import Type from 'typebox';
import {
  acceptRuleSpelling,
  changeWords,
  createRule,
  deleteRule,
  environmentLimits,
  listRules,
  ruleWords,
  scopeOfRule,
  toRule,
  toRuleAnswer,
  updateRule,
} from '#modules/alerting';
import { providerScope } from '#modules/identity';
import type { Ctx } from '#platform/context';
import type { App } from '#platform/http/app';
import { toPage } from '#platform/http/cursor';
import { etagOf, requireMatch } from '#platform/http/etag';
import { operationsScope } from './scope.ts';
import { operationsBase, operationsTags as tags } from './system-routes.ts';

const base = `${operationsBase}/alert-rules`;
const OneRule = Type.Object({ id: Type.String({ minLength: 1, maxLength: 64 }) });

/** The rules of the alerting module, under names for operators' scripts, with the same lifecycle and audit. */
export function ruleRoutes(app: App, ctx: Ctx): void {
  const limits = environmentLimits(ctx.config);
  app.get(
    base,
    {
      schema: {
        operationId: 'listOperationsRules',
        access: 'read',
        summary: 'Alert rules, oldest first',
        tags,
        querystring: OperationsRuleQuery,
        response: { 200: OperationsRulePage },
      },
    },
    async (request) => {
      const { org, ...query } = request.query;
      const { scope } = await operationsScope(ctx, request, org);
      const { rows } = await listRules(ctx, scope, query);
      return toPage(
        rows,
        query.limit ?? listLimitDefault,
        (row) => [row.created_at.toISOString(), row.id],
        (row) => toRule(row, limits),
      );
    },
  );
  app.post(
    base,
    {
      config: { idempotent: true },
      preValidation: acceptRuleSpelling,
      schema: {
        operationId: 'createOperationsRule',
        access: 'rules:write',
        summary: 'Create a rule',
        description: ruleWords,
        tags,
        body: OperationsRuleBody,
        response: { 201: RuleAnswer },
      },
    },
    async (request, reply) => {
      const { org, ...body } = request.body;
      const { scope } = await operationsScope(ctx, request, org);
      const saved = await createRule(ctx, scope, body);
      return reply
        .code(201)
        .header('location', `${base}/${saved.row.id}`)
        .header('etag', etagOf(saved.row.version))
        .send(toRuleAnswer(saved, limits));
    },
  );
  oneRuleRoutes(app, ctx);
}

function oneRuleRoutes(app: App, ctx: Ctx): void {
  const limits = environmentLimits(ctx.config);
  for (const [method, operationId] of [
    ['PUT', 'replaceOperationsRule'],
    ['PATCH', 'changeOperationsRule'],
  ] as const)
    app.route({
      method,
      url: `${base}/:id`,
      schema: {
        operationId,
        access: 'rules:write',
        summary: 'Change settings of a rule',
        description: changeWords,
        tags,
        params: OneRule,
        querystring: OperationsQuery,
        body: RuleWrite,
        response: { 200: RuleAnswer },
      },
      preValidation: acceptRuleSpelling,
      async handler(request, reply) {
        const scope = await scopeOfRule(ctx, await providerScope(request), request.params.id);
        const match = (version: number) => requireMatch(request, version);
        const saved = await updateRule(ctx, scope, request.params.id, request.body, match);
        return reply.header('etag', etagOf(saved.row.version)).send(toRuleAnswer(saved, limits));
      },
    });
  app.delete(
    `${base}/:id`,
    {
      schema: {
        operationId: 'deleteOperationsRule',
        access: 'rules:write',
        summary: 'Delete a rule; its open alerts are resolved',
        tags,
        params: OneRule,
        querystring: OperationsQuery,
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      const scope = await scopeOfRule(ctx, await providerScope(request), request.params.id);
      await deleteRule(ctx, scope, request.params.id, (version) => requireMatch(request, version));
      return reply.code(204).send(null);
    },
  );
}
