import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Collector, createCollector, type RequestOptions } from './collector.ts';

/** What Express adds to a request once a route has matched. */
interface ExpressRequest extends IncomingMessage {
  readonly baseUrl?: string;
  readonly route?: { readonly path?: unknown };
}

export interface WatchingMiddleware {
  (request: ExpressRequest, response: ServerResponse, next: () => void): void;
  /** Sends what has gathered; call it when the server stops. */
  stop: Collector['stop'];
}

/** Express middleware (4 and 5), before the routes: rate, errors and latency of each, a minute at a time. */
export function watchRequests(options: RequestOptions): WatchingMiddleware {
  const collector = createCollector(options);
  const middleware = (request: ExpressRequest, response: ServerResponse, next: () => void): void => {
    const startedAt = performance.now();
    response.once('finish', () => {
      const path = request.route?.path;
      const route = typeof path === 'string' ? `${request.baseUrl ?? ''}${path}` : 'unmatched';
      const ms = performance.now() - startedAt;
      collector.add({ method: request.method ?? 'GET', route, status: response.statusCode, ms });
    });
    next();
  };
  return Object.assign(middleware, { stop: () => collector.stop() });
}
