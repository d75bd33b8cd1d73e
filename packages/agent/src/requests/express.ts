import type { ServerResponse } from 'node:http';
import { countWhenAnswered } from './answered.ts';
import { type Collector, createCollector, type RequestOptions } from './collector.ts';
import { type ExpressRequest, followRoute } from './express-route.ts';

export interface WatchingMiddleware {
  (request: ExpressRequest, response: ServerResponse, next: () => void): void;
  /** Sends the collected figures. Call it when the server stops. */
  stop: Collector['stop'];
}

/** Express middleware (4 and 5), to be added before the routes: rate, errors and latency of each route per minute. */
export function watchRequests(options: RequestOptions): WatchingMiddleware {
  const collector = createCollector(options);
  const middleware = (request: ExpressRequest, response: ServerResponse, next: () => void): void => {
    countWhenAnswered(collector, request, response, followRoute(request));
    next();
  };
  return Object.assign(middleware, { stop: () => collector.stop() });
}
