import { isIP, connect as netConnect, type Socket } from 'node:net';
import { type TLSSocket, connect as tlsConnect } from 'node:tls';
import { isConnectedTo, pinnedLookup, type VettedHost } from '../outbound/host.ts';
import { OutboundRefused } from '../outbound/outbound.ts';
import { distrustReason } from './certificate.ts';
import type { ProbeDeps } from './probe.ts';

export interface TlsWish {
  readonly servername?: string | undefined;
  readonly ca?: string | undefined;
  readonly verify: boolean;
}

export type ConnectDeps = Pick<ProbeDeps, 'outbound' | 'signal' | 'time' | 'log' | 'now'>;

/** Resolves and vets once, connects to a vetted address, and measures each phase. The caller destroys the socket. */
export async function openSocket(deps: ConnectDeps, hostname: string, port: number): Promise<Socket> {
  return await connectTo(deps, await resolve(deps, hostname, port));
}

/** `before`: the dialog in the clear before TLS begins. */
export async function openTlsSocket(
  deps: ConnectDeps,
  hostname: string,
  port: number,
  wish: TlsWish,
  before?: (plain: Socket) => Promise<void>,
): Promise<TLSSocket> {
  const host = await resolve(deps, hostname, port);
  const plain = await connectTo(deps, host);
  try {
    await before?.(plain);
    return await secure(deps, plain, host, wish);
  } catch (error) {
    plain.destroy();
    throw error;
  }
}

export async function resolve(deps: ConnectDeps, hostname: string, port: number): Promise<VettedHost> {
  const started = performance.now();
  const host = await deps.outbound.vetHost(hostname, port, deps.signal);
  // An address needs no resolver, so this phase has no time.
  if (isIP(host.hostname) === 0) deps.time('dns_ms', performance.now() - started);
  deps.log(`${hostname} is ${host.addresses.map(({ address }) => address).join(', ')}`);
  return host;
}

export async function connectTo(deps: ConnectDeps, host: VettedHost): Promise<Socket> {
  const started = performance.now();
  const [only] = host.addresses;
  const single = host.addresses.length === 1 && only !== undefined;
  const socket = single
    ? netConnect({ host: only.address, port: host.port, noDelay: true })
    : netConnect({
        host: host.hostname,
        port: host.port,
        noDelay: true,
        autoSelectFamily: true,
        lookup: pinnedLookup(host),
      });
  // The socket never outlives the attempt, whatever the caller does.
  const end = (): void => void socket.destroy();
  deps.signal.addEventListener('abort', end, { once: true });
  socket.once('close', () => deps.signal.removeEventListener('abort', end));
  await settled(socket, 'connect', deps.signal);
  if (!isConnectedTo(socket, host)) {
    socket.destroy();
    throw new OutboundRefused('The connection did not end at a vetted address.');
  }
  deps.time('connect_ms', performance.now() - started);
  deps.log(`connected to ${socket.remoteAddress ?? '?'} port ${host.port}`);
  return socket;
}

export async function secure(
  deps: ConnectDeps,
  socket: Socket,
  host: VettedHost,
  wish: TlsWish,
): Promise<TLSSocket> {
  const started = performance.now();
  const name = wish.servername ?? host.hostname;
  const tls = tlsConnect({
    socket,
    // SNI can only contain names.
    ...(isIP(name) === 0 ? { servername: name } : {}),
    host: name,
    // Checked below, where the certificate can still be read: a text from it helps more than a code.
    rejectUnauthorized: false,
    ...(wish.ca === undefined ? {} : { ca: wish.ca }),
  });
  try {
    await settled(tls, 'secureConnect', deps.signal);
    if (wish.verify && !tls.authorized) throw new Error(distrustReason(tls, deps.now(), wish.ca));
  } catch (error) {
    tls.destroy();
    socket.destroy();
    throw error;
  }
  deps.time('tls_ms', performance.now() - started);
  deps.log(`${tls.getProtocol() ?? 'TLS'} with ${tls.getCipher().name}`);
  return tls;
}

/** Waits for one event of a socket. A socket that fails, or is still open when the signal fires, is destroyed. */
function settled(socket: Socket, event: string, signal: AbortSignal): Promise<void> {
  return new Promise((done, fail) => {
    const onAbort = (): void => finish(signal.reason);
    const onError = (error: Error): void => finish(error);
    const onEvent = (): void => finish(undefined);
    const onClose = (): void => finish(new Error('The connection was closed.'));
    function finish(error: unknown): void {
      signal.removeEventListener('abort', onAbort);
      socket.off(event, onEvent).off('close', onClose);
      if (error === undefined) {
        socket.off('error', onError);
        // The next reader adds its own listener. Until then, a reset must not end the process.
        socket.on('error', () => undefined);
        done();
      } else {
        socket.on('error', () => undefined);
        socket.destroy();
        fail(error);
      }
    }
    socket.once(event, onEvent).once('error', onError).once('close', onClose);
    signal.addEventListener('abort', onAbort, { once: true });
    if (signal.aborted) onAbort();
  });
}

/** Limit for an answer of these small protocols. No greeting is longer. */
const answerBytesMax = 4_096;

/**
 * Writes, then reads until `enough` returns true. Limited in bytes, and in time by the signal. Rejects when the peer
 * ends first.
 */
export function exchange(
  socket: Socket,
  signal: AbortSignal,
  question: string | Uint8Array,
  enough: (received: Buffer) => boolean,
): Promise<Buffer> {
  return new Promise((done, fail) => {
    let received = Buffer.alloc(0);
    const onAbort = (): void => finish(signal.reason);
    const onData = (chunk: Buffer): void => {
      received = Buffer.concat([received, chunk.subarray(0, answerBytesMax - received.length)]);
      if (enough(received) || received.length >= answerBytesMax) finish(undefined);
    };
    const onEnd = (): void => finish(new Error('The connection was closed before there was a full answer.'));
    const onError = (error: Error): void => finish(error);
    function finish(error: unknown): void {
      signal.removeEventListener('abort', onAbort);
      socket.off('data', onData).off('end', onEnd).off('close', onEnd).off('error', onError);
      if (error === undefined) done(received);
      else fail(error);
    }
    socket.on('data', onData).once('end', onEnd).once('close', onEnd).once('error', onError);
    signal.addEventListener('abort', onAbort, { once: true });
    if (signal.aborted) return onAbort();
    if (question.length > 0) socket.write(question);
    else if (enough(received)) finish(undefined);
  });
}
