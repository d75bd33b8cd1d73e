import type { FastifyReply, FastifyRequest } from 'fastify';
import type { App } from './app.ts';
import type { Allowance } from './rate-limit.ts';

/**
 * Access control before a byte of the body is read. This floor knows only the order: find the caller, check
 * its rate limit, check its rights. A floor above supplies these functions.
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

/** `quiet` routes (heartbeats, pings, health) do this themselves, with their own limits. */
export function openDoor(app: App, takeAllowance: Allowance): void {
  app.decorate('door', { identify: async () => undefined, authorize: async () => undefined });
  app.addHook('onRequest', (request, reply, done) => {
    if (request.routeOptions.config.quiet === true) return done();
    pass(app.door, takeAllowance, request, reply).then(() => done(), done);
  });
}

/**
 * Refused requests count too: a wrong credential costs its network as much as a valid one costs its holder.
 */
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
