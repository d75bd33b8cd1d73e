import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Collector } from './collector.ts';

/** nginx's status for a client that left before the answer: a fault of the client's side, not of the server. */
const clientLeft = 499;
/** A request that the server itself aborted has status 200 in its headers, but no answer. */
const brokenOff = 500;

/** Counts the request when it is answered, or when the client is gone. */
export function countWhenAnswered(
  collector: Collector,
  request: IncomingMessage,
  response: ServerResponse,
  route: () => string | undefined,
): void {
  const startedAt = performance.now();
  let counted = false;
  const count = (): void => {
    if (counted) return;
    counted = true;
    collector.add({
      method: request.method ?? 'GET',
      route: route() ?? 'unmatched',
      status: statusOf(request, response),
      ms: performance.now() - startedAt,
    });
  };
  response.once('finish', count);
  response.once('close', count);
}

function statusOf({ socket }: IncomingMessage, response: ServerResponse): number {
  if (response.writableFinished) return response.statusCode;
  // A client ends or resets its side of the connection. The server's own `destroy` does neither.
  return socket.readableEnded || socket.errored ? clientLeft : brokenOff;
}
