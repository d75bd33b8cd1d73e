import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { treeCpu } from './support/cpu-use.ts';
import { median } from './support/figures.ts';
import { benchHouse } from './support/house.ts';
import type { BenchResult } from './types.ts';

const door = fileURLToPath(new URL('../bin/watchkeeper.mjs', import.meta.url));
const calls = 5;
const secondsMax = 0.6;
/** Nothing listens on the discard port of loopback, so only the call itself is measured, not a server. */
const nowhere = 'http://127.0.0.1:9';
const lines = [
  ['--version'],
  ['alerts', 'list', '--url', nowhere],
  ['heartbeat', 'send', '--device', 'a', '--site', 'b', '--url', nowhere],
  ['doctor'],
  ['migrate', 'status'],
  ['setup-link'],
] as const;

/**
 * CPU time of one call of the command line, as `npx watchkeeper` runs it: without a server, and of a pass beside a
 * running server.
 */
export async function run(): Promise<BenchResult[]> {
  const folder = await mkdtemp(path.join(tmpdir(), 'watchkeeper-bench-cli-'));
  try {
    const results: BenchResult[] = [];
    for (const line of lines) results.push(await measure(line, { DATA_DIR: path.join(folder, 'data') }));
    await using house = await benchHouse();
    results.push(await measure(['work', '--once'], house.env));
    return results;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function measure(line: readonly string[], env: Readonly<Record<string, string>>): Promise<BenchResult> {
  // The first call fills the cache of compiled code.
  await seconds(line, env);
  const measured: number[] = [];
  for (let call = 0; call < calls; call += 1) measured.push(await seconds(line, env));
  const value = median(measured);
  return {
    name: `watchkeeper ${line.slice(0, 2).join(' ')}, processor time, median of ${calls}`,
    value,
    unit: 's',
    target: `<= ${secondsMax}`,
    pass: value <= secondsMax,
  };
}

async function seconds(args: readonly string[], env: Readonly<Record<string, string>>): Promise<number> {
  const before = treeCpu(process.pid) ?? Number.NaN;
  const child = spawn(process.execPath, [door, ...args], {
    env: { PATH: process.env.PATH, ...env },
    stdio: 'ignore',
  });
  await once(child, 'exit');
  return ((treeCpu(process.pid) ?? Number.NaN) - before) / 1e6;
}
