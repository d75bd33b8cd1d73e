import { createRequire } from 'node:module';
import os from 'node:os';
import type systeminformation from 'systeminformation';
import type { Reading } from './beat.ts';

type Library = typeof systeminformation;

const { currentLoad } = part<'currentLoad'>('cpu');
const { mem } = part<'mem'>('memory');
const { fsSize } = part<'fsSize'>('filesystem');
const { networkStats } = part<'networkStats'>('network');

const readMs = 10_000;
const kinds = { swap: 'tmpfs', overlay: 'overlay' };

/**
 * CPU, memory, disk (the fullest real file system) and network of this machine. What cannot be read in time is
 * left out: the server then shows it as unknown. Values of CPU and network are since the call before.
 */
export async function readHost(): Promise<Reading> {
  const [load, memory, disks, network] = await Promise.all([
    inTime(currentLoad()),
    inTime(mem()),
    inTime(fsSize()),
    inTime(networkStats('*')),
  ]);
  const metrics: Record<string, number> = {
    load_1m: round(os.loadavg()[0] ?? 0),
    uptime_sec: Math.round(os.uptime()),
    agent_rss_mb: round(process.memoryUsage.rss() / 1_048_576),
  };
  const received = sum(network, (each) => each.rx_sec);
  const sent = sum(network, (each) => each.tx_sec);
  if (received !== undefined) metrics.network_rx_bytes_per_sec = received;
  if (sent !== undefined) metrics.network_tx_bytes_per_sec = sent;
  const reading: Reading = { metrics };
  if (load !== undefined) reading.cpu_usage = round(load.currentLoad);
  if (memory !== undefined && memory.total > 0)
    reading.memory_usage = round((100 * (memory.total - memory.available)) / memory.total);
  const disk = fullest(disks);
  if (disk !== undefined) reading.disk_usage = disk;
  return reading;
}

function fullest(disks: Awaited<ReturnType<typeof fsSize>> | undefined): number | undefined {
  const real = (disks ?? []).filter(
    (disk) => disk.size > 0 && disk.type !== kinds.swap && disk.type !== kinds.overlay,
  );
  const used = (real.length > 0 ? real : (disks ?? [])).map((disk) => disk.use).filter(Number.isFinite);
  return used.length === 0 ? undefined : round(Math.max(...used));
}

function sum<T>(list: readonly T[] | undefined, of: (item: T) => number | null): number | undefined {
  const figures = (list ?? []).map(of).filter((figure): figure is number => Number.isFinite(figure));
  return figures.length === 0 ? undefined : Math.round(figures.reduce((one, other) => one + other, 0));
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

async function inTime<T>(work: Promise<T>): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), readMs);
  });
  try {
    return await Promise.race([work.catch(() => undefined), late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Four files of the library instead of all of it: 8 MB less in a program whose size counts. */
function part<Name extends keyof Library>(file: string): Pick<Library, Name> {
  // Safe because the library's index takes these functions from the same files, and its version is pinned.
  return createRequire(import.meta.url)(`systeminformation/lib/${file}.js`) as Pick<Library, Name>;
}
