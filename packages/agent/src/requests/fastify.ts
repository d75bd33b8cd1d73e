import type { IncomingMessage, ServerResponse } from 'node:http';
import { countWhenAnswered } from './answered.ts';
import { createCollector, type RequestOptions } from './collector.ts';

/** The used part of a Fastify instance, so that the package depends on no version of it. */
interface FastifyLike {
  addHook(
    name: 'onRequest',
    hook: (request: FastifyRequestLike, reply: FastifyReplyLike, done: () => void) => void,
  ): unknown;
  addHook(name: 'onClose', hook: () => Promise<void>): unknown;
}
interface FastifyRequestLike {
  readonly raw: IncomingMessage;
  readonly routeOptions?: { readonly url?: string | undefined };
}
interface FastifyReplyLike {
  readonly raw: ServerResponse;
}

/**
 * A Fastify plugin (4.21 and newer), to be added before the routes: rate, errors and latency of each route per minute.
 */
export async function watchRequests(app: FastifyLike, options: RequestOptions): Promise<void> {
  const collector = createCollector(options);
  app.addHook('onRequest', (request, reply, done) => {
    countWhenAnswered(collector, request.raw, reply.raw, () => request.routeOptions?.url);
    done();
  });
  app.addHook('onClose', () => collector.stop());
}

// By default, hooks of a plugin apply only inside it. The routes to watch are outside.
Object.assign(watchRequests, { [Symbol.for('skip-override')]: true });
