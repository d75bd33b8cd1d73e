// Keep-alive connections that each send the next request when the last is answered. It writes and reads
// sockets itself: a general HTTP client would need as much of the machine as the server that is measured.
import { connect, type Socket } from 'node:net';

export interface LoadPlan {
  port: number;
  path: string;
  connections: number;
  seconds: number;
  /** Heartbeats in one body. */
  perRequest: number;
  /** Token and slug of each simulated device; a batch goes out under `key`. */
  devices: { slug: string; token: string }[];
  key: string;
  firstSequence: number;
}

export interface LoadResult {
  requests: number;
  failures: number;
  seconds: number;
  p50: number;
  p99: number;
  lastSequence: number;
  sample: string;
}

const latencies: number[] = [];
let requests = 0;
let failures = 0;
let sample = '';

/** Made beforehand: what the load process computes, the server lacks. */
const valueVariants = 1_009;

function valuesText(index: number): string {
  const step = (factor: number, range: number) => ((index * factor) % range) / 10;
  return (
    `"error_rate_5m":${step(1, 7)},"request_latency_p95":${80 + step(7, 400)},"sync_lag_sec":${step(3, 50)},` +
    `"app_version":"2.14.3","memory_usage":${50 + step(2, 200)},"cpu_usage":${20 + step(11, 600)},"disk_usage":71.2,` +
    `"metrics":{"queue_depth":${index % 30},"temperature_c":${40 + step(5, 80)}}`
  );
}

async function run(plan: LoadPlan): Promise<LoadResult> {
  let sequence = plan.firstSequence;
  let turn = 0;
  const heads = plan.devices.map(
    ({ slug }) => `{"device_id":"${slug}","tenant_id":"default","store_id":"bench","status":"ok",`,
  );
  const values = Array.from({ length: valueVariants }, (_, index) => valuesText(index));

  function heartbeat(): string {
    const index = turn;
    turn += 1;
    if (turn === heads.length) {
      turn = 0;
      sequence += 1;
    }
    const own = values[(index * 31 + sequence * 17) % valueVariants];
    return `${heads[index]}${own},"sent_at":"${new Date().toISOString()}","sequence":${sequence}}`;
  }

  function request(): string {
    const token = plan.perRequest === 1 ? plan.devices[turn]?.token : plan.key;
    const body =
      plan.perRequest === 1
        ? heartbeat()
        : `{"heartbeats":[${Array.from({ length: plan.perRequest }, heartbeat).join(',')}]}`;
    return (
      `POST ${plan.path} HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer ${token}\r\n` +
      `content-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`
    );
  }

  const began = performance.now();
  const until = began + plan.seconds * 1000;
  const connections = Array.from({ length: plan.connections }, () => drive(plan.port, request, until));
  await Promise.all(connections);
  const seconds = (performance.now() - began) / 1000;
  latencies.sort((one, other) => one - other);
  const at = (share: number) => latencies[Math.floor(latencies.length * share)] ?? 0;
  return { requests, failures, seconds, p50: at(0.5), p99: at(0.99), lastSequence: sequence, sample };
}

const readBytes = 65_536;
const digit2 = 50;
const headEnd = Buffer.from('\r\n\r\n');

/** One connection. It reads into a buffer of its own, past the stream machinery. */
function drive(port: number, request: () => string, until: number): Promise<void> {
  return new Promise((resolve, reject) => {
    let sentAt = 0;
    /** Bytes of the answer that are still to come; -1 before its head. */
    let left = -1;
    const next = () => {
      sentAt = performance.now();
      if (sentAt >= until) {
        socket.end();
        resolve();
        return;
      }
      socket.write(request(), 'latin1');
    };
    const read = (length: number, buffer: Buffer): boolean => {
      left = left < 0 ? bodyLeft(buffer, length) : left - length;
      if (left > 0) return true;
      latencies.push(performance.now() - sentAt);
      requests += 1;
      left = -1;
      next();
      return true;
    };
    const onread = { buffer: Buffer.allocUnsafe(readBytes), callback: read as (length: number) => boolean };
    const socket: Socket = connect({ port, host: '127.0.0.1', onread, noDelay: true });
    socket.on('connect', next);
    socket.on('error', reject);
  });
}

/** How much of the answer that begins in `buffer` is still to come. Its head always comes whole. */
function bodyLeft(buffer: Buffer, length: number): number {
  const end = buffer.indexOf(headEnd);
  const head = buffer.toString('latin1', 0, end);
  if (buffer[9] !== digit2) {
    failures += 1;
    sample = buffer.toString('latin1', 0, Math.min(length, 600));
  }
  return Number(/content-length: (\d+)/i.exec(head)?.[1] ?? 0) - (length - end - 4);
}

// Safe because only bench/intake.ts starts this process, with such a plan.
process.on('message', (plan) => {
  void run(plan as LoadPlan).then((result) => {
    process.send?.(result);
    process.disconnect?.();
  });
});
