import { createServer, type Server, type Socket } from 'node:net';
import { createOutbound } from '#platform/outbound/client';
import type { Lookup } from '#platform/outbound/lookup';
import { type Run, runCheck } from './probe/probe.ts';
import { checkKinds } from './registry.ts';

/** A real TCP server on loopback that handles each connection as told. */
export async function tcpServer(
  onSocket: (socket: Socket) => void,
): Promise<{ readonly port: number } & AsyncDisposable> {
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy()).on('close', () => sockets.delete(socket));
    onSocket(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** For tests that do not test the timeout, so that a busy machine does not fail them. */
const patientMs = 20_000;

/** One run as the engine makes it. Loopback is permitted unless the test says otherwise. */
export async function probe(
  kind: string,
  config: Record<string, unknown>,
  options: { timeoutMs?: number; retries?: number; allow?: string[]; lookup?: Lookup } = {},
): Promise<Run> {
  await using outbound = createOutbound({
    allow: options.allow ?? ['127.0.0.0/8', '::1/128'],
    userAgent: 'Watchkeeper/test',
    ...(options.lookup === undefined ? {} : { lookup: options.lookup }),
  });
  const known = checkKinds.get(kind);
  const clock = { now: () => Date.now(), monotonic: () => performance.now() };
  return await runCheck(
    { outbound, clock },
    known,
    checkKinds.parse(known, config),
    { timeoutMs: options.timeoutMs ?? patientMs, retries: options.retries ?? 0 },
    { signal: new AbortController().signal, keepLog: true, owner: 'tests' },
  );
}
