import {
  Backtest,
  BacktestBody,
  BacktestWindow,
  ListedRulePage,
  listLimitDefault,
  Nullable,
  RuleAnswer,
  RuleKindList,
  RuleQuery,
  RuleWithRevisions,
  RuleWrite,
} from '@watchkeeper/contracts';
import type { FastifyReply } from 'fastify';
import Type from 'typebox';
import { requirePermission, tenantScope } from '#modules/identity';
import type { Ctx } from '#platform/context';
import type { App } from '#platform/http/app';
import { toPage } from '#platform/http/cursor';
import { etagOf, requireMatch } from '#platform/http/etag';
import { environmentLimits } from '../detection/moment.ts';
import { backtestConfig, backtestRule } from '../past/backtest.ts';
import { describeRuleKinds } from '../registry.ts';
import { createRule } from './create-rule.ts';
import { deleteRule } from './delete-rule.ts';
import { getRule, listRules } from './read-rules.ts';
import { acceptRuleSpelling, changeWords, ruleWords } from './rule-spelling.ts';
import { type SavedRule, toListedRule, toRevision, toRuleAnswer } from './rule-view.ts';
import { describeTemplates } from './templates.ts';
import { updateRule } from './update-rule.ts';

const tags = ['rules'];
const base = '/api/v1/:org/rules';
const Organization = Type.Object({ org: Type.String() });
const OneRule = Type.Object({ org: Type.String(), id: Type.String() });

export function ruleRoutes(app: App, ctx: Ctx): void {
  const limits = environmentLimits(ctx.config);
  const answer = (reply: FastifyReply, saved: SavedRule) =>
    reply.header('etag', etagOf(saved.row.version)).send(toRuleAnswer(saved, limits));

  app.get(
    base,
    {
      schema: {
        operationId: 'listRules',
        access: 'read',
        summary: 'Alert rules, oldest first',
        tags,
        params: Organization,
        querystring: RuleQuery,
        response: { 200: ListedRulePage },
      },
    },
    async (request) => {
      const { rows, fired } = await listRules(ctx, await tenantScope(request), request.query);
      return toPage(
        rows,
        request.query.limit ?? listLimitDefault,
        (row) => [row.created_at.toISOString(), row.id],
        (row) => toListedRule(row, fired.get(row.id), limits),
      );
    },
  );

  app.post(
    base,
    {
      schema: {
        operationId: 'createRule',
        access: 'rules:write',
        summary: 'Create a rule',
        description: ruleWords,
        tags,
        params: Organization,
        body: RuleWrite,
        response: { 201: RuleAnswer },
      },
      config: { idempotent: true },
      preValidation: acceptRuleSpelling,
    },
    async (request, reply) => {
      const scope = await tenantScope(request);
      const saved = await createRule(ctx, scope, request.body);
      return answer(
        reply.code(201).header('location', `/api/v1/${scope.organizationSlug}/rules/${saved.row.id}`),
        saved,
      );
    },
  );

  app.get(
    `${base}/:id`,
    {
      schema: {
        operationId: 'getRule',
        access: 'read',
        summary: 'One rule with its revisions',
        tags,
        params: OneRule,
        response: { 200: RuleWithRevisions },
      },
    },
    async (request, reply) => {
      const { row, fired, warnings, revisions } = await getRule(
        ctx,
        await tenantScope(request),
        request.params.id,
      );
      return reply
        .header('etag', etagOf(row.version))
        .send({ ...toListedRule(row, fired, limits), warnings, revisions: revisions.map(toRevision) });
    },
  );

  for (const [method, operationId] of [
    ['PUT', 'replaceRule'],
    ['PATCH', 'changeRule'],
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
        body: RuleWrite,
        response: { 200: RuleAnswer },
      },
      preValidation: acceptRuleSpelling,
      async handler(request, reply) {
        const check = (version: number) => requireMatch(request, version);
        const scope = await tenantScope(request);
        return answer(reply, await updateRule(ctx, scope, request.params.id, request.body, check));
      },
    });

  app.delete(
    `${base}/:id`,
    {
      schema: {
        operationId: 'deleteRule',
        access: 'rules:write',
        summary: 'Delete a rule; its open alerts are resolved',
        tags,
        params: OneRule,
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      await deleteRule(ctx, await tenantScope(request), request.params.id, (version) =>
        requireMatch(request, version),
      );
      return reply.code(204).send(null);
    },
  );
}

export function ruleKindRoutes(app: App, ctx: Ctx): void {
  const limits = environmentLimits(ctx.config);
  app.get(
    '/api/v1/:org/rule-kinds',
    {
      schema: {
        operationId: 'listRuleKinds',
        access: 'read',
        summary: 'The rule kinds with the JSON Schema of their config, and templates to start from',
        tags,
        params: Organization,
        response: { 200: RuleKindList },
      },
    },
    async (request) => {
      requirePermission(await tenantScope(request), 'read');
      return { data: describeRuleKinds(), templates: describeTemplates(limits) };
    },
  );

  app.post(
    `${base}/backtest`,
    {
      schema: {
        operationId: 'backtestConfig',
        access: 'read',
        summary: 'Backtest a rule that is not saved',
        tags,
        params: Organization,
        body: BacktestBody,
        response: { 200: Backtest },
      },
      config: { unaudited: 'it changes nothing' },
    },
    async (request) => await backtestConfig(ctx, await tenantScope(request), request.body),
  );

  app.post(
    `${base}/:id/backtest`,
    {
      schema: {
        operationId: 'backtestRule',
        access: 'read',
        summary: 'Backtest a rule as it is now',
        tags,
        params: OneRule,
        body: Nullable(BacktestWindow),
        response: { 200: Backtest },
      },
      config: { unaudited: 'it changes nothing' },
    },
    async (request) =>
      await backtestRule(ctx, await tenantScope(request), request.params.id, request.body?.days),
  );
}
