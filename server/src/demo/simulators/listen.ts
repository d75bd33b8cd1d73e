import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer, type ServerOptions } from 'node:https';
import type { AddressInfo } from 'node:net';

export interface Listening extends AsyncDisposable {
  readonly url: string;
  readonly port: number;
}

const host = '127.0.0.1';

/** A server on loopback: on `port` if it is free, else on any free port. */
export async function listenOnLoopback(
  answer: RequestListener,
  { tls, port = 0 }: { tls?: ServerOptions | undefined; port?: number | undefined },
): Promise<Listening> {
  const server = tls === undefined ? createServer(answer) : createTlsServer(tls, answer);
  if (!(await listens(server, port))) await listens(server, 0);
  const found = addressOf(server.address());
  return {
    url: `${tls === undefined ? 'http' : 'https'}://${host}:${found.port}`,
    port: found.port,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

async function listens(server: Server, port: number): Promise<boolean> {
  server.listen(port, host);
  try {
    await once(server, 'listening');
    return true;
  } catch (error) {
    if (port === 0) throw error;
    return false;
  }
}

/** Safe because a server that listens on TCP has an address with a port. */
function addressOf(address: string | AddressInfo | null): AddressInfo {
  return address as AddressInfo;
}
