import { builtin } from './builtin.ts';
import { type HostFigures, inTime } from './host-figures.ts';

const { existsSync, readFileSync, statfs } = builtin('node:fs');

/** Reads the kernel's own files: needs no library in memory, and starts no program for each heartbeat. */
export function createLinuxHost(): () => Promise<HostFigures> {
  let before: { cpu: Cpu | undefined; traffic: Traffic | undefined; at: number } | undefined;

  return async () => {
    const at = performance.now();
    const cpu = toCpu(read('/proc/stat'));
    const traffic = toTraffic(read('/proc/net/dev'), isCard);
    const last = before;
    before = { cpu, traffic, at };
    const perSecond = (now: number | undefined, then: number | undefined): number | undefined =>
      // A counter that went back: a card was removed, or the counter overflowed.
      last === undefined || now === undefined || then === undefined || now < then || at <= last.at
        ? undefined
        : ((now - then) * 1_000) / (at - last.at);
    return {
      cpu: cpuUsage(cpu, last?.cpu),
      memory: memoryUsage(read('/proc/meminfo')),
      disk: await diskUsage(localMounts(read('/proc/self/mounts'))),
      received: perSecond(traffic?.received, last?.traffic?.received),
      sent: perSecond(traffic?.sent, last?.traffic?.sent),
    };
  };
}

interface Cpu {
  readonly busy: number;
  readonly all: number;
}

/** The line of all processors in `/proc/stat`. Time spent waiting for a disk counts as idle, as in `top`. */
export function toCpu(stat: string): Cpu | undefined {
  const line = /^cpu +(.+)$/m.exec(stat)?.[1];
  if (line === undefined) return undefined;
  // The figures after these eight, for guests, are already included in the first two.
  const times = line.split(/\s+/).slice(0, 8).map(Number);
  const all = times.reduce((sum, time) => sum + time, 0);
  return { busy: all - (times[3] ?? 0) - (times[4] ?? 0), all };
}

export function cpuUsage(now: Cpu | undefined, then: Cpu = { busy: 0, all: 0 }): number | undefined {
  if (now === undefined || now.all <= then.all) return undefined;
  return Math.min(100, Math.max(0, (100 * (now.busy - then.busy)) / (now.all - then.all)));
}

export function memoryUsage(meminfo: string): number | undefined {
  const kilobytes = (name: string) => Number(new RegExp(`^${name}: +(\\d+) kB`, 'm').exec(meminfo)?.[1]);
  const total = kilobytes('MemTotal');
  const usage = (100 * (total - kilobytes('MemAvailable'))) / total;
  return Number.isFinite(usage) ? usage : undefined;
}

/** File systems that are always full. */
const readOnlyTypes = new Set(['squashfs', 'iso9660', 'udf', 'erofs', 'cramfs']);
const mountsMax = 64;

/**
 * The mount points of this machine's own disks, each disk once. Network disks are not reported, because they do not
 * belong to this machine.
 */
export function localMounts(mounts: string): string[] {
  const points = new Map<string, string>();
  for (const line of mounts.split('\n')) {
    const [device = '', point = '', type = ''] = line.split(' ');
    const isDisk = (device.startsWith('/dev/') || type === 'zfs') && !type.startsWith('fuse.');
    if (!isDisk || readOnlyTypes.has(type) || points.has(device) || points.size >= mountsMax) continue;
    points.set(
      device,
      point.replace(/\\(\d{3})/g, (_all, octal) => String.fromCharCode(Number.parseInt(octal, 8))),
    );
  }
  // In a container, the root has no device.
  return points.size === 0 ? ['/'] : [...points.values()];
}

async function diskUsage(points: readonly string[]): Promise<number | undefined> {
  const usages = await Promise.all(points.map((point) => inTime(usageOf(point))));
  const known = usages.filter((usage): usage is number => usage !== undefined && Number.isFinite(usage));
  return known.length === 0 ? undefined : Math.max(...known);
}

/** Counted as `df` does: space that is reserved for root is neither used nor free. */
function usageOf(point: string): Promise<number> {
  return new Promise((resolve, reject) => {
    statfs(point, (error, disk) => {
      if (error !== null) return reject(error);
      const used = disk.blocks - disk.bfree;
      resolve((100 * used) / (used + disk.bavail));
    });
  });
}

interface Traffic {
  readonly received: number;
  readonly sent: number;
}

/**
 * Bytes over the machine's network cards. Bridges and tunnels would count the same bytes again, and loopback is not
 * traffic.
 */
export function toTraffic(netDev: string, isCardName: (name: string) => boolean): Traffic | undefined {
  const all = netDev.split('\n').flatMap((line) => {
    const [, name, figures] = /^\s*(\S+):\s*(\d.*)$/.exec(line) ?? [];
    if (name === undefined || figures === undefined || name === 'lo') return [];
    const counters = figures.split(/\s+/).map(Number);
    return [{ name, received: counters[0] ?? 0, sent: counters[8] ?? 0 }];
  });
  const cards = all.filter(({ name }) => isCardName(name));
  // A container has no card of its own.
  const counted = cards.length > 0 ? cards : all;
  if (counted.length === 0) return undefined;
  return counted.reduce(
    (sum, { received, sent }) => ({ received: sum.received + received, sent: sum.sent + sent }),
    { received: 0, sent: 0 },
  );
}

function isCard(name: string): boolean {
  return existsSync(`/sys/class/net/${name}/device`);
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
