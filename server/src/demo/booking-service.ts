import type { ServerResponse } from 'node:http';
import { type Listening, listenOnLoopback } from './simulators/listen.ts';
import { roundSeconds } from './story.ts';

/** In each round, the booking page fails for some time, so that a check finds something. */
const downFromSecond = 420;
const downToSecond = 500;
const slowestMs = 180;
/** The same port after a restart, so that the checks still reach it. Another one when it is taken. */
const usualPort = 47_871;

/** A small web service that the demonstration's checks test. It answers like real ones, and fails for a while. */
export async function startBookingService(now: () => number, random: () => number): Promise<Listening> {
  const startedAt = now();
  const secondOfRound = () => ((now() - startedAt) / 1_000) % roundSeconds;
  return await listenOnLoopback(
    (request, response) => {
      const second = secondOfRound();
      const isDown = second >= downFromSecond && second < downToSecond;
      const waitMs = 8 + random() * 25 + (random() < 0.05 ? slowestMs * random() : 0);
      setTimeout(() => answer(response, request.url === '/booking' && isDown), waitMs);
    },
    { port: usualPort },
  );
}

function answer(response: ServerResponse, isDown: boolean): void {
  const body = isDown
    ? { status: 'down', error: 'the database pool is exhausted' }
    : { status: 'ok', open_bookings: 12, payment: { provider: 'up' } };
  response.writeHead(isDown ? 503 : 200, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}
