// Keep-alive connections that each send the next request when the last one is answered. It reads and writes sockets
// itself, because a general HTTP client would need as much CPU time as the server that is measured.
import { connect, type Socket } from 'node:net';
import { createRequests, type LoadPlan } from './load-requests.ts';

export interface LoadResult {
  requests: number;
  failures: number;
  seconds: number;
  p50: number;
  p99: number;
  lastSequence: number;
  sample: string;
  /** CPU time of this process during the run, in microseconds. */
  cpu: number;
}

const latenciesMax = 4_000_000;
const latencies = new Float32Array(latenciesMax);
let requests = 0;
let failures = 0;
let sample = '';

async function run(plan: LoadPlan): Promise<LoadResult> {
  const source = createRequests(plan);
  const cpuBefore = process.cpuUsage();
  const began = performance.now();
  const until = began + plan.seconds * 1000;
  const connections = Array.from({ length: plan.connections }, () => drive(plan.port, source.next, until));
  await Promise.all(connections);
  const seconds = (performance.now() - began) / 1000;
  const { user, system } = process.cpuUsage(cpuBefore);
  const taken = latencies.subarray(0, requests).sort();
  const at = (share: number) => taken[Math.floor(taken.length * share)] ?? 0;
  const lastSequence = source.lastSequence();
  return {
    requests,
    failures,
    seconds,
    p50: at(0.5),
    p99: at(0.99),
    lastSequence,
    sample,
    cpu: user + system,
  };
}

const readBytes = 65_536;
const digit2 = 50;
const headEnd = Buffer.from('\r\n\r\n');
const lengthName = Buffer.from('ontent-length: ');

/** One connection. It reads into its own buffer, without Node's streams. */
function drive(port: number, request: () => Buffer, until: number): Promise<void> {
  return new Promise((resolve, reject) => {
    let sentAt = performance.now();
    /** Bytes of the answer that are still to come; -1 before its head. */
    let left = -1;
    const next = () => {
      if (sentAt >= until) {
        socket.end();
        resolve();
        return;
      }
      socket.write(request());
    };
    const read = (length: number, buffer: Buffer): boolean => {
      left = left < 0 ? bodyLeft(buffer, length) : left - length;
      if (left > 0) return true;
      const now = performance.now();
      latencies[requests] = now - sentAt;
      requests += 1;
      left = -1;
      sentAt = now;
      next();
      return true;
    };
    const onread = { buffer: Buffer.allocUnsafe(readBytes), callback: read as (length: number) => boolean };
    const socket: Socket = connect({ port, host: '127.0.0.1', onread, noDelay: true });
    socket.on('connect', next);
    socket.on('error', reject);
  });
}

/** How much of the answer at the start of `buffer` is still to come. Its head always arrives in one piece. */
function bodyLeft(buffer: Buffer, length: number): number {
  if (buffer[9] !== digit2) {
    failures += 1;
    sample = buffer.toString('latin1', 0, Math.min(length, 600));
  }
  const end = buffer.indexOf(headEnd);
  let offset = buffer.indexOf(lengthName) + lengthName.length;
  let body = 0;
  for (; offset < end; offset += 1) {
    const digit = (buffer[offset] ?? 0) - 48;
    if (digit < 0 || digit > 9) break;
    body = body * 10 + digit;
  }
  return body - (length - end - headEnd.length);
}

// Safe because only bench/intake.ts starts this process, with such a plan.
process.on('message', (plan) => {
  void run(plan as LoadPlan).then((result) => {
    process.send?.(result);
    process.disconnect?.();
  });
});
