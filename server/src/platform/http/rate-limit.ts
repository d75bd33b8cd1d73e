import type { FastifyReply, FastifyRequest } from 'fastify';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import type { Ctx } from '../context.ts';
import { AppError } from '../errors.ts';

const windowSeconds = 60;

/** Counts one request against the caller's allowance. @throws rate_limited */
export type Allowance = (request: FastifyRequest, reply: FastifyReply) => Promise<void>;

/**
 * One allowance per credential (or network) and process. Heartbeat routes are `quiet` and have
 * their own bound, the intake queue: a fleet behind one gateway must not be throttled as one caller.
 */
export function createAllowance(ctx: Pick<Ctx, 'config'>): Allowance {
  const points = ctx.config.http.rateLimitPerMinute;
  const limiter = new RateLimiterMemory({ points, duration: windowSeconds });
  return async (request, reply) => {
    const result = await limiter.consume(request.callerKey).catch((rejected: unknown) => rejected);
    if (!(result instanceof RateLimiterRes)) return;
    const resetSeconds = Math.ceil(result.msBeforeNext / 1000);
    reply.header('ratelimit-policy', `"default";q=${points};w=${windowSeconds}`);
    reply.header('ratelimit', `"default";r=${Math.max(0, result.remainingPoints)};t=${resetSeconds}`);
    if (result.consumedPoints > points) {
      throw new AppError(
        'rate_limited',
        `More than ${points} requests in a minute. Wait ${resetSeconds} s.`,
        { retryAfterSeconds: resetSeconds },
      );
    }
  };
}
