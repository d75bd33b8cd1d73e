import {
  listLimitDefault,
  ProviderRuleBody,
  ProviderRuleChange,
  ProviderRuleQuery,
  RuleAnswer,
  RulePage,
} from '@watchkeeper/contracts';
import Type from 'typebox';
import { providerScope } from '#modules/identity';
import type { Ctx } from '#platform/context';
import { invalidField } from '#platform/errors';
import type { App } from '#platform/http/app';
import { toPage } from '#platform/http/cursor';
import { etagOf, requireMatch } from '#platform/http/etag';
import { environmentLimits } from '../detection/moment.ts';
import { createRule } from './create-rule.ts';
import { deleteRule } from './delete-rule.ts';
import { listProviderRules, organizationToWrite, scopeOfRule } from './read-rules.ts';
import { acceptRuleSpelling, changeWords, ruleWords } from './rule-spelling.ts';
import { toRule, toRuleAnswer } from './rule-view.ts';
import { updateRule } from './update-rule.ts';

const tags = ['rules'];
const base = '/provider/alerts/rules';
const OneRule = Type.Object({ id: Type.String() });

export function providerRuleRoutes(app: App, ctx: Ctx): void {
  const limits = environmentLimits(ctx.config);

  app.get(
    base,
    {
      schema: {
        operationId: 'listProviderRules',
        access: 'read',
        summary: 'Alert rules of all tenants the caller may see',
        tags,
        querystring: ProviderRuleQuery,
        response: { 200: RulePage },
      },
    },
    async (request) => {
      const rows = await listProviderRules(ctx, await providerScope(request), request.query);
      return toPage(
        rows,
        request.query.limit ?? listLimitDefault,
        (row) => [row.created_at.toISOString(), row.id],
        (row) => toRule(row, limits),
      );
    },
  );

  app.post(
    base,
    {
      schema: {
        operationId: 'createProviderRule',
        access: 'rules:write',
        summary: "Create a rule in a tenant's organization",
        description: ruleWords,
        tags,
        body: ProviderRuleBody,
        response: { 201: RuleAnswer },
      },
      config: { idempotent: true },
      preValidation: acceptRuleSpelling,
    },
    async (request, reply) => {
      const scope = await providerScope(request);
      const { tenant_id: tenant, ...body } = request.body;
      const organizationId = await organizationToWrite(ctx, scope, tenant);
      const saved = await createRule(ctx, await scope.within(organizationId), body);
      return reply
        .code(201)
        .header('location', `${base}/${saved.row.id}`)
        .header('etag', etagOf(saved.row.version))
        .send(toRuleAnswer(saved, limits));
    },
  );

  for (const [method, operationId] of [
    ['PUT', 'replaceProviderRule'],
    ['PATCH', 'changeProviderRule'],
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
        body: ProviderRuleChange,
        response: { 200: RuleAnswer },
      },
      preValidation: acceptRuleSpelling,
      async handler(request, reply) {
        const scope = await scopeOfRule(ctx, await providerScope(request), request.params.id);
        const { tenant_id: tenant, ...body } = request.body;
        if (tenant !== undefined && tenant !== scope.organizationSlug && tenant !== scope.organizationId) {
          throw invalidField('tenant_id', 'a rule stays in its organization; create a new one in the other');
        }
        const saved = await updateRule(ctx, scope, request.params.id, body, (version) =>
          requireMatch(request, version),
        );
        return reply.header('etag', etagOf(saved.row.version)).send(toRuleAnswer(saved, limits));
      },
    });

  app.delete(
    `${base}/:id`,
    {
      schema: {
        operationId: 'deleteProviderRule',
        access: 'rules:write',
        summary: 'Delete a rule; its open alerts are resolved',
        tags,
        params: OneRule,
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
