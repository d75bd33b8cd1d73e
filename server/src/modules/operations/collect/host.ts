import { readFile, statfs } from 'node:fs/promises';
import os from 'node:os';

/** Measured values by name. Values that this system cannot measure are left out. */
export type HostReading = Readonly<Record<string, readonly [value: number, unit: string]>>;

export interface HostSampler {
  /** CPU and network are measured since the previous call. */
  read(): Promise<HostReading>;
}

interface Counters {
  readonly at: number;
  readonly busy: number;
  readonly total: number;
  readonly received: number | undefined;
  readonly sent: number | undefined;
}

export function createHostSampler(dataDir: string): HostSampler {
  let before: Promise<Counters> = readCounters();
  return {
    async read() {
      const [last, now] = [await before, await readCounters()];
      before = Promise.resolve(now);
      return {
        ...cpuOf(last, now),
        ...networkOf(last, now),
        ...(await memory()),
        ...(await disk(dataDir)),
        load_1m: [os.loadavg()[0] ?? 0, ''],
      };
    },
  };
}

async function readCounters(): Promise<Counters> {
  const times = os.cpus().map((cpu) => cpu.times);
  const total = times.reduce((sum, time) => sum + time.user + time.nice + time.sys + time.idle + time.irq, 0);
  const idle = times.reduce((sum, time) => sum + time.idle, 0);
  return { at: performance.now(), total, busy: total - idle, ...(await networkCounters()) };
}

function cpuOf(last: Counters, now: Counters): HostReading {
  const total = now.total - last.total;
  return total <= 0 ? {} : { cpu_usage: [(100 * (now.busy - last.busy)) / total, '%'] };
}

function networkOf(last: Counters, now: Counters): HostReading {
  const seconds = (now.at - last.at) / 1000;
  const rate = (from: number | undefined, to: number | undefined) =>
    from === undefined || to === undefined || to < from || seconds <= 0 ? undefined : (to - from) / seconds;
  const received = rate(last.received, now.received);
  const sent = rate(last.sent, now.sent);
  return {
    ...(received === undefined ? {} : { network_rx_bytes_per_sec: [received, 'B/s'] }),
    ...(sent === undefined ? {} : { network_tx_bytes_per_sec: [sent, 'B/s'] }),
  };
}

/** Linux reports available memory, caches left out. Elsewhere, free memory is the best figure. */
async function memory(): Promise<HostReading> {
  const text = await readFile('/proc/meminfo', 'utf8').catch(() => '');
  const kibibytes = (name: string) =>
    Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(text)?.[1] ?? Number.NaN);
  const total = kibibytes('MemTotal') * 1024 || os.totalmem();
  const free = kibibytes('MemAvailable') * 1024 || os.freemem();
  return {
    memory_usage: [(100 * (total - free)) / total, '%'],
    memory_total_bytes: [total, 'B'],
  };
}

/** The volume that holds Watchkeeper's data. */
async function disk(dataDir: string): Promise<HostReading> {
  const found = await statfs(dataDir).catch(() => statfs('/').catch(() => undefined));
  if (found === undefined || found.blocks === 0) return {};
  const used = found.blocks - found.bfree;
  // Counted as df does: space that is reserved for root is neither used nor free.
  return {
    disk_usage: [(100 * used) / (used + found.bavail), '%'],
    disk_free_bytes: [found.bavail * found.bsize, 'B'],
  };
}

/** All interfaces except loopback, on systems with /proc. */
async function networkCounters(): Promise<{ received: number | undefined; sent: number | undefined }> {
  const text = await readFile('/proc/net/dev', 'utf8').catch(() => '');
  const rows = [...text.matchAll(/^\s*([^\s:]+):\s*(\d+)(?:\s+\d+){7}\s+(\d+)/gm)].filter(
    (row) => row[1] !== 'lo',
  );
  if (rows.length === 0) return { received: undefined, sent: undefined };
  const sum = (index: number) => rows.reduce((total, row) => total + Number(row[index] ?? 0), 0);
  return { received: sum(2), sent: sum(3) };
}
