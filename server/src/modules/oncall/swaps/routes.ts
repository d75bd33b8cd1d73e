import { Id, OnCallSwap, OnCallSwapBody, OnCallSwapList } from '@watchkeeper/contracts';
import Type from 'typebox';
import { tenantScope } from '#modules/identity';
import type { Ctx } from '#platform/context';
import type { App } from '#platform/http/app';
import { askForSwap, endSwap, listSwaps } from './swaps.ts';

const tags = ['on-call'];
const One = Type.Object({ org: Type.String(), id: Id });
const OneSwap = Type.Object({ org: Type.String(), id: Id, swap: Id });
const path = '/api/v1/:org/oncall/schedules/:id/swaps';

const answers = {
  accept: { answer: 'accepted', summary: 'Accept a swap that you were asked for' },
  decline: { answer: 'declined', summary: 'Decline a swap that you were asked for' },
  withdraw: { answer: 'withdrawn', summary: 'Withdraw a swap that you asked for' },
} as const;

export function swapRoutes(app: App, ctx: Ctx): void {
  app.get(
    path,
    {
      schema: {
        operationId: 'listOnCallSwaps',
        access: 'read',
        summary: 'Swaps of a schedule, the newest hundred',
        tags,
        params: One,
        response: { 200: OnCallSwapList },
      },
    },
    async (request) => await listSwaps(ctx, await tenantScope(request), request.params.id),
  );
  app.post(
    path,
    {
      schema: {
        operationId: 'askForOnCallSwap',
        access: 'alerts:operate',
        summary: 'Ask another member to take your time on call, perhaps in return for theirs',
        tags,
        params: One,
        body: OnCallSwapBody,
        response: { 201: OnCallSwap },
      },
      config: { idempotent: true },
    },
    async (request, reply) =>
      reply
        .code(201)
        .send(await askForSwap(ctx, await tenantScope(request), request.params.id, request.body)),
  );
  for (const [verb, { answer, summary }] of Object.entries(answers))
    app.post(
      `${path}/:swap/${verb}`,
      {
        schema: {
          operationId: `${verb}OnCallSwap`,
          access: 'read',
          summary,
          tags,
          params: OneSwap,
          response: { 200: OnCallSwap },
        },
      },
      async (request) => {
        const { id: scheduleId, swap: id } = request.params;
        return await endSwap(ctx, await tenantScope(request), { scheduleId, id }, answer);
      },
    );
}
