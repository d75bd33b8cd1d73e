import {
  BusinessEvent,
  CustomMetric,
  eventItemsMax,
  ItemReceipts,
  MetricPage,
  MetricQuery,
  metricItemsMax,
  OneOrMany,
} from '@watchkeeper/contracts/telemetry';
import type { FastifyRequest } from 'fastify';
import Type, { type Static, type TSchema } from 'typebox';
import { tenantScope } from '#modules/identity';
import type { Ctx } from '#platform/context';
import { AppError } from '#platform/errors';
import type { App } from '#platform/http/app';
import { acceptCamelCase } from '#platform/http/spelling';
import { createSenderDoor } from '../intake/sender-door.ts';
import { createItemCheck, type ItemCheck, listIn, listValidator } from '../items.ts';
import { listMetrics } from './list-metrics.ts';
import { type Checked, type ItemReceipt, recordEvents } from './record-events.ts';
import { recordMetrics } from './record-metrics.ts';
import { writableOrganization } from './writer.ts';

const Params = Type.Object({ org: Type.String({ minLength: 1, maxLength: 128 }) });
const tags = ['telemetry'];

export function businessRoutes(app: App, ctx: Ctx): void {
  const door = createSenderDoor(ctx, { open: false });
  const checkEvent = createItemCheck(app, BusinessEvent);
  app.post(
    '/api/v1/:org/events',
    {
      schema: {
        operationId: 'recordEvents',
        access: 'device|telemetry:write',
        summary: 'Business events: sales, redemptions, refunds, logins, uploads, ...',
        description: 'An `id` that comes twice counts once.',
        tags,
        params: Params,
        body: OneOrMany(BusinessEvent, eventItemsMax),
        response: { 202: ItemReceipts },
      },
      config: { unaudited: 'what devices say is telemetry' },
      validatorCompiler: listValidator(app, { itemsMax: eventItemsMax, single: checkEvent }),
      onRequest: door,
    },
    async (request, reply) => {
      const organizationId = await writableOrganization(request, request.params.org);
      const receipts = await eachItem(request.body, checkEvent, (items) =>
        recordEvents(ctx, organizationId, items),
      );
      return reply.code(202).send(receipts);
    },
  );

  const checkMetric = createItemCheck(app, CustomMetric);
  app.post(
    '/api/v1/:org/metrics',
    {
      schema: {
        operationId: 'recordMetrics',
        access: 'device|telemetry:write',
        summary: 'Metrics of your own',
        description: 'Names may also be written in camelCase: `metricType`, `metricName`, ...',
        tags,
        params: Params,
        body: OneOrMany(CustomMetric, metricItemsMax),
        response: { 202: ItemReceipts },
      },
      config: { unaudited: 'what devices say is telemetry' },
      preValidation: [acceptCamelCase, acceptAnyCase],
      validatorCompiler: listValidator(app, { itemsMax: metricItemsMax, single: checkMetric }),
      onRequest: door,
    },
    async (request, reply) => {
      const organizationId = await writableOrganization(request, request.params.org);
      const receipts = await eachItem(request.body, checkMetric, (items) =>
        recordMetrics(ctx, organizationId, items),
      );
      return reply.code(202).send(receipts);
    },
  );

  app.get(
    '/api/v1/:org/metrics',
    {
      schema: {
        operationId: 'listMetrics',
        access: 'read',
        summary: 'Metrics of your own, newest first',
        tags,
        params: Params,
        querystring: MetricQuery,
        response: { 200: MetricPage },
      },
    },
    async (request) => await listMetrics(ctx, await tenantScope(request), request.query),
  );
}

/** The type of a metric counts in any case. */
async function acceptAnyCase(request: FastifyRequest): Promise<void> {
  for (const item of listIn(request.body) ?? [request.body])
    if (
      typeof item === 'object' &&
      item !== null &&
      'metric_type' in item &&
      typeof item.metric_type === 'string'
    )
      item.metric_type = item.metric_type.toUpperCase();
}

/** One object that names a place we do not have is a 400; in an array the wrong ones are named and the others taken. */
async function eachItem<S extends TSchema>(
  body: unknown,
  check: ItemCheck<S>,
  record: (items: Checked<Static<S>>[]) => Promise<ItemReceipt[]>,
): Promise<Static<typeof ItemReceipts>> {
  const receipts: ItemReceipt[] = [];
  const good: Checked<Static<S>>[] = [];
  const list = listIn(body) ?? [body];
  for (const [index, item] of list.entries()) {
    const checked = check(item);
    if ('value' in checked) good.push({ index, value: checked.value });
    else receipts.push({ index, id: null, accepted: false, duplicate: false, error: checked.error });
  }
  receipts.push(...(await record(good)));
  if (!Array.isArray(body)) refuseAlone(receipts[0]);
  receipts.sort((one, other) => one.index - other.index);
  return {
    accepted: receipts.filter((receipt) => receipt.accepted).length,
    duplicates: receipts.filter((receipt) => receipt.duplicate).length,
    rejected: receipts.filter((receipt) => !receipt.accepted).length,
    results: receipts,
  };
}

function refuseAlone(receipt: ItemReceipt | undefined): void {
  if (receipt?.error === undefined) return;
  const code = receipt.error.code === 'unknown_field' ? 'unknown_field' : 'validation_failed';
  throw new AppError(code, receipt.error.message, { errors: receipt.error.errors ?? [] });
}
