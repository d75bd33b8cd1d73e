import { createCollector, type RequestOptions } from './collector.ts';

/** The part of a Fastify instance this needs, so that the package depends on no version of it. */
interface FastifyLike {
  addHook(
    name: 'onResponse',
    hook: (request: FastifyRequestLike, reply: FastifyReplyLike, done: () => void) => void,
  ): unknown;
  addHook(name: 'onClose', hook: () => Promise<void>): unknown;
}
interface FastifyRequestLike {
  readonly method: string;
  readonly routeOptions?: { readonly url?: string | undefined };
}
interface FastifyReplyLike {
  readonly statusCode: number;
  readonly elapsedTime: number;
}

/** A Fastify plugin (4.21 and newer): rate, errors and latency of every route, a minute at a time. */
export async function watchRequests(app: FastifyLike, options: RequestOptions): Promise<void> {
  const collector = createCollector(options);
  app.addHook('onResponse', (request, reply, done) => {
    const route = request.routeOptions?.url ?? 'unmatched';
    collector.add({ method: request.method, route, status: reply.statusCode, ms: reply.elapsedTime });
    done();
  });
  app.addHook('onClose', () => collector.stop());
}

// Hooks of a plugin stay inside it unless it says so: the routes to watch are outside.
Object.assign(watchRequests, { [Symbol.for('skip-override')]: true });
