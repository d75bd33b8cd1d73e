import os from 'node:os';
import type { Reading } from './beat.ts';
import type { HostFigures } from './host-figures.ts';
import { createLibraryHost } from './host-library.ts';
import { createLinuxHost } from './host-linux.ts';

let figures: (() => Promise<HostFigures>) | undefined;

/**
 * CPU, memory, disk (the fullest real file system) and network of this machine. Values that cannot be read in time are
 * left out, and the server shows them as unknown. CPU and network are measured since the previous call.
 */
export async function readHost(): Promise<Reading> {
  figures ??= process.platform === 'linux' ? createLinuxHost() : createLibraryHost();
  const { cpu, memory, disk, received, sent } = await figures();
  const metrics: Record<string, number> = {
    load_1m: round(os.loadavg()[0] ?? 0),
    uptime_sec: Math.round(os.uptime()),
    agent_rss_mb: round(process.memoryUsage.rss() / 1_048_576),
  };
  if (received !== undefined) metrics.network_rx_bytes_per_sec = Math.round(received);
  if (sent !== undefined) metrics.network_tx_bytes_per_sec = Math.round(sent);
  return {
    ...(cpu === undefined ? {} : { cpu_usage: round(cpu) }),
    ...(memory === undefined ? {} : { memory_usage: round(memory) }),
    ...(disk === undefined ? {} : { disk_usage: round(disk) }),
    metrics,
  };
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
