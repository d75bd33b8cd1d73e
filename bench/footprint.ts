import { setTimeout as pause } from 'node:timers/promises';
import { median } from './support/figures.ts';
import { benchHouse, residentMiB } from './support/house.ts';
import type { BenchResult } from './types.ts';

const warmStarts = 5;
/** A server is idle when it got no requests for this long after its start. */
const idleSeconds = 15;
const rssMiBMax = 200;
const warmStartMsMax = 3_000;

/** The cost of an idle server, and the time of a warm start until it is ready. */
export async function run(): Promise<BenchResult[]> {
  await using house = await benchHouse();
  await pause(idleSeconds * 1000);
  const rss = await residentMiB(house.server.pid);
  const starts: number[] = [];
  for (let start = 0; start < warmStarts; start += 1) {
    const began = performance.now();
    await house.restart();
    starts.push(performance.now() - began);
  }
  const ready = median(starts);
  return [
    {
      name: 'server idle, resident memory (database apart)',
      value: rss,
      unit: 'MiB',
      target: `<= ${rssMiBMax}`,
      pass: rss <= rssMiBMax,
    },
    {
      name: `stop and warm start to ready, median of ${warmStarts}`,
      value: ready,
      unit: 'ms',
      target: `<= ${warmStartMsMax}`,
      pass: ready <= warmStartMsMax,
    },
  ];
}
