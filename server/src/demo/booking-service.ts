import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { demoHost } from './loopback.ts';
import { roundSeconds } from './story.ts';

/** In each round the booking page is out of order for this while, so that a check has something to find. */
const downFromSecond = 420;
const downToSecond = 500;
const slowestMs = 180;
/** The same after a restart, so that nothing is refused until the checks are told; any other where it is taken. */
const usualPort = 47_871;
const bodyBytesMax = 1_024;

export interface BookingService extends AsyncDisposable {
  readonly url: string;
  readonly port: number;
}

/** A small web service for the demonstration's checks to look at: it answers as real ones do, and fails for a while. */
export async function startBookingService(
  now: () => number,
  random: () => number,
): Promise<BookingService | undefined> {
  const startedAt = now();
  const secondOfRound = () => ((now() - startedAt) / 1_000) % roundSeconds;
  const server = createServer({ maxHeaderSize: bodyBytesMax * 8 }, (request, response) => {
    const second = secondOfRound();
    const isDown = second >= downFromSecond && second < downToSecond;
    const waitMs = 8 + random() * 25 + (random() < 0.05 ? slowestMs * random() : 0);
    setTimeout(() => answer(response, request.url === '/booking' && isDown), waitMs);
  });
  if (!((await listens(server, usualPort)) || (await listens(server, 0)))) return undefined;
  const { port } = addressOf(server.address());
  return {
    url: `http://${demoHost}:${port}`,
    port,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function listens(server: Server, port: number): Promise<boolean> {
  server.listen(port, demoHost);
  try {
    await once(server, 'listening');
    return true;
  } catch {
    return false;
  }
}

function answer(response: ServerResponse, isDown: boolean): void {
  const body = isDown
    ? { status: 'down', error: 'the database pool is exhausted' }
    : { status: 'ok', open_bookings: 12, payment: { provider: 'up' } };
  response.writeHead(isDown ? 503 : 200, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}

/** Safe because a server that listens on TCP has an address with a port. */
function addressOf(address: string | AddressInfo | null): AddressInfo {
  return address as AddressInfo;
}
