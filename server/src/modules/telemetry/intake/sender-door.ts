import type { FastifyRequest } from 'fastify';
import { authenticate } from '#modules/identity';
import type { Ctx } from '#platform/context';
import { AppError } from '#platform/errors';
import { hashSecret } from '#platform/ids';
import { runtimeOf } from '../runtime.ts';
import { deviceTokenOf, isOpen } from './credential.ts';
import type { DeviceEntry } from './directory.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Whose token came along; null: another credential, or open mode. */
    device: DeviceEntry | null;
  }
}

type DoorHook = (request: FastifyRequest, reply: unknown, done: (error?: Error) => void) => void;

/**
 * The door of routes that take device tokens: a wrong or missing credential is refused, and counted, before the
 * body is read. A known token costs one look into a map.
 * @param options.open whether HEARTBEAT_AUTH=open lets anybody in here
 */
export function createSenderDoor(ctx: Ctx, options: { open: boolean }): DoorHook {
  const { directory } = runtimeOf(ctx);
  return (request, _reply, done) => {
    const token = deviceTokenOf(request.headers);
    const known = token === undefined ? undefined : directory.peekToken(token);
    if (known !== undefined && known !== null) {
      request.device = known;
      done();
      return;
    }
    findSender(ctx, request, token, options.open && isOpen(ctx, request.headers)).then((device) => {
      request.device = device;
      done();
    }, done);
  };
}

async function findSender(
  ctx: Ctx,
  request: FastifyRequest,
  token: string | undefined,
  open: boolean,
): Promise<DeviceEntry | null> {
  const { wrongCredentials } = request.server;
  const mark = () => hashSecret(token ?? '').toString('base64url');
  if (token === undefined) {
    if (open) return null;
    wrongCredentials.admit(request.peer, mark);
    if ((await authenticate(request)) === undefined) {
      wrongCredentials.wrong(request.peer);
      throw new AppError('unauthenticated', 'Send a device token, or another credential.');
    }
    await request.server.door.authorize(request);
    return null;
  }
  wrongCredentials.admit(request.peer, mark);
  const device = await runtimeOf(ctx).directory.findToken(token);
  if (device === null) {
    wrongCredentials.wrong(request.peer);
    throw new AppError('unauthenticated', 'The device token is wrong or was replaced.');
  }
  wrongCredentials.good(mark());
  return device;
}
