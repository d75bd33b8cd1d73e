import type { IncomingMessage, ServerResponse } from 'node:http';
import { countWhenAnswered } from './answered.ts';
import { createCollector, type RequestOptions } from './collector.ts';

/** The part of a Fastify instance this needs, so that the package depends on no version of it. */
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

/** A Fastify plugin (4.21 and newer), before the routes: rate, errors and latency of each, a minute at a time. */
export async function watchRequests(app: FastifyLike, options: RequestOptions): Promise<void> {
  const collector = createCollector(options);
  app.addHook('onRequest', (request, reply, done) => {
    countWhenAnswered(collector, request.raw, reply.raw, () => request.routeOptions?.url);
    done();
  });
  app.addHook('onClose', () => collector.stop());
}

// Hooks of a plugin stay inside it unless it says so: the routes to watch are outside.
Object.assign(watchRequests, { [Symbol.for('skip-override')]: true });
