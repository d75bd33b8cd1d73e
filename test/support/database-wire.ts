import { createConnection, createServer, type Socket } from 'node:net';
import path from 'node:path';

export interface DatabaseWire extends AsyncDisposable {
  /** URL of the database through the wire. */
  readonly url: string;
}

/** A TCP wire between us and PostgreSQL: `onBytes` sees our bytes before they are passed on, and may cut the wire. */
export async function databaseWire(
  url: string,
  onBytes: (bytes: Buffer, cut: (lastWords?: Buffer) => void) => void,
): Promise<DatabaseWire> {
  const through = new URL(url);
  const host = through.searchParams.get('host') ?? through.hostname;
  const port = Number(through.port || 5432);
  const target = host.startsWith('/') ? { path: path.join(host, `.s.PGSQL.${port}`) } : { host, port };
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = createConnection(target);
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket
        .on('error', () => undefined)
        .on('close', () => {
          sockets.delete(socket);
          client.destroy();
          upstream.destroy();
        });
    }
    client.on('data', (chunk) => {
      const bytes = Buffer.from(chunk);
      let open = true;
      onBytes(bytes, (lastWords) => {
        open = false;
        upstream.destroy();
        if (lastWords === undefined) client.destroy();
        else client.end(lastWords);
      });
      if (open) upstream.write(bytes);
    });
    upstream.on('data', (bytes) => client.write(bytes));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  through.searchParams.delete('host');
  through.hostname = '127.0.0.1';
  through.port = String(typeof address === 'object' && address !== null ? address.port : 0);
  return {
    url: through.toString(),
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
