import {
  Heartbeat,
  HeartbeatBatch,
  HeartbeatBatchReceipt,
  HeartbeatReceipt,
  heartbeatItemsMax,
} from '@watchkeeper/contracts/telemetry';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { providerScope } from '#modules/identity';
import type { Ctx } from '#platform/context';
import { AppError } from '#platform/errors';
import type { App } from '#platform/http/app';
import { compilerOf, listIn, listValidator } from '../items.ts';
import { runtimeOf } from '../runtime.ts';
import { receiptText, sendReceipt, warningsOf } from './answer.ts';
import { receiveBatch } from './batch.ts';
import { isOpen } from './credential.ts';
import type { DeviceEntry } from './directory.ts';
import { createHeartbeatReader } from './read-heartbeat.ts';
import { createReceiver } from './receive.ts';
import { callerSender, createResolver, isNamed, type Sender } from './resolve.ts';
import { createSenderDoor } from './sender-door.ts';

const tags = ['telemetry'];
const credentials =
  'Send the device token as `Authorization: Bearer wkd_...` or `X-Device-Token`, or a credential with `telemetry:write`.';

export function intakeRoutes(app: App, ctx: Ctx): void {
  const runtime = runtimeOf(ctx);
  const { directory } = runtime;
  const resolver = createResolver(ctx, directory);
  const receiver = createReceiver(ctx);
  const single = createHeartbeatReader(app, 'body');
  /** Ignored fields of a heartbeat, on the way from the validator to the answer. */
  const leftOut = new WeakMap<object, readonly string[]>();

  /** For the route's validator: valid, valid after fields were ignored, or refused. */
  function readBody(body: unknown): { value: unknown } | { error: AppError } {
    const read = single.read(body);
    if ('error' in read) {
      const { code, message, errors = [] } = read.error;
      return {
        error: new AppError(code === 'unknown_field' ? code : 'validation_failed', message, { errors }),
      };
    }
    if (read.warnings.length > 0) leftOut.set(read.value, read.warnings);
    return { value: read.value };
  }

  const door = createSenderDoor(ctx, { open: true });

  async function senderOf(request: FastifyRequest): Promise<Sender> {
    if (request.device !== null) return { kind: 'device', device: request.device };
    // Only in open mode does a caller without a credential get here.
    return isOpen(ctx, request.headers) ? { kind: 'open' } : callerSender(await providerScope(request));
  }

  function take(reply: FastifyReply, device: DeviceEntry, beat: Heartbeat): void {
    const receivedAt = ctx.clock.now();
    receiver.receive(device, beat, {
      receivedAt,
      buffered: false,
      settle(outcome) {
        if (outcome instanceof Error) reply.send(outcome);
        else
          sendReceipt(
            reply,
            receiptText(outcome, receivedAt, runtime.offlineMs, warningsOf(device, beat, leftOut.get(beat))),
          );
      },
    });
  }

  async function takeSlowly(request: FastifyRequest, reply: FastifyReply, beat: Heartbeat): Promise<void> {
    take(reply, await resolver.resolve(await senderOf(request), beat), beat);
  }

  app.post(
    '/heartbeat',
    {
      schema: {
        operationId: 'sendHeartbeat',
        access: 'device|telemetry:write',
        summary: 'One heartbeat of one device',
        description: `Answered when it is stored. ${credentials}`,
        tags,
        body: Heartbeat,
        response: { 202: HeartbeatReceipt },
      },
      validatorCompiler: (route) => (route.httpPart === 'body' ? readBody : compilerOf(app)(route)),
      config: { unaudited: 'what devices say is telemetry', quiet: true },
      onRequest: door,
    },
    // No promise on the common way: a known token, a device that names itself.
    (request, reply) => {
      const beat = request.body;
      const { device } = request;
      try {
        if (device !== null && isNamed(device, beat)) take(reply, device, beat);
        else takeSlowly(request, reply, beat).catch((error: unknown) => fail(reply, error));
      } catch (error) {
        fail(reply, error);
      }
    },
  );

  const reader = createHeartbeatReader(app);
  app.post(
    '/heartbeats',
    {
      schema: {
        operationId: 'sendHeartbeats',
        access: 'device|telemetry:write',
        summary: `Up to ${heartbeatItemsMax} heartbeats of one or many devices`,
        description: `For gateways and for agents that stored heartbeats while offline. Each item has its own result. An item that waited too long is only added to history. ${credentials}`,
        tags,
        body: HeartbeatBatch,
        response: { 202: HeartbeatBatchReceipt },
      },
      validatorCompiler: listValidator(app, { itemsMax: heartbeatItemsMax, property: 'heartbeats' }),
      config: { unaudited: 'what devices say is telemetry', quiet: true },
      onRequest: door,
    },
    async (request, reply) => {
      const sender = await senderOf(request);
      const items = listIn(request.body, 'heartbeats') ?? [];
      const answer = await receiveBatch({ ctx, directory, resolver, receiver, reader }, sender, items);
      return reply.code(202).send(answer);
    },
  );
}

function fail(reply: FastifyReply, error: unknown): void {
  reply.send(error);
}
