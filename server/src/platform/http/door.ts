import type { FastifyReply, FastifyRequest } from 'fastify';
import type { App } from './app.ts';
import type { Allowance } from './rate-limit.ts';

/**
 * Who may come in, decided before a byte of the body is read. This floor knows only the order: who calls, then
 * what the caller has left of its allowance, then whether it may. A floor above fills it in.
 */
export interface Door {
  /** Finds the caller and names it in `callerKey`. @throws for a credential that is wrong */
  identify(request: FastifyRequest, reply: FastifyReply): Promise<void>;
  /** @throws when the caller may not use this route */
  authorize(request: FastifyRequest): Promise<void>;
}

declare module 'fastify' {
  interface FastifyInstance {
    door: Door;
  }
}

/** Routes that are `quiet` (heartbeats, pings, health) stand outside: they see to it themselves, at their own pace. */
export function openDoor(app: App, takeAllowance: Allowance): void {
  app.decorate('door', { identify: async () => undefined, authorize: async () => undefined });
  app.addHook('onRequest', (request, reply, done) => {
    if (request.routeOptions.config.quiet === true) return done();
    pass(app.door, takeAllowance, request, reply).then(() => done(), done);
  });
}

/** What is refused counts as well: a wrong credential costs its network what a right one costs its holder. */
async function pass(
  door: Door,
  takeAllowance: Allowance,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<void> {
  try {
    await door.identify(request, reply);
  } finally {
    await takeAllowance(request, reply);
  }
  await door.authorize(request);
}
