// npm run bench [name ...]: runs the benchmarks one after another, prints a table, writes bench/results/latest.json.
import { mkdir, writeFile } from 'node:fs/promises';
import { cpus, totalmem } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { BenchResult } from './types.ts';

const benches: Readonly<Record<string, () => Promise<{ run(): Promise<BenchResult[]> }>>> = {
  intake: () => import('./intake.ts'),
  pings: () => import('./pings.ts'),
  storage: () => import('./storage.ts'),
  detection: () => import('./detection.ts'),
  promptness: () => import('./promptness.ts'),
  footprint: () => import('./footprint.ts'),
  checks: () => import('./checks.ts'),
  console: () => import('./console.ts'),
  cli: () => import('./cli.ts'),
};

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => benches[name] === undefined);
if (unknown.length > 0) {
  console.error(`Unknown benchmark: ${unknown.join(', ')}. Known: ${Object.keys(benches).join(', ')}.`);
  process.exit(64);
}

const machine = `${cpus().length} x ${cpus()[0]?.model ?? 'unknown'}, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}`;
console.log(machine);
const results: (BenchResult & { bench: string })[] = [];
for (const [name, load] of Object.entries(benches)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  console.log(`\n== ${name}`);
  const bench = await load();
  for (const result of await bench.run()) {
    results.push({ bench: name, ...result });
    const verdict = result.pass === undefined ? '' : result.pass ? 'ok' : 'MISSED';
    const target = result.target === undefined ? '' : `(target ${result.target})`;
    console.log(
      `${result.name.padEnd(64)} ${format(result.value).padStart(10)} ${result.unit.padEnd(12)} ${target} ${verdict} ${result.note ?? ''}`.trimEnd(),
    );
  }
}

const folder = fileURLToPath(new URL('./results', import.meta.url));
await mkdir(folder, { recursive: true });
await writeFile(
  `${folder}/latest.json`,
  `${JSON.stringify({ machine, at: new Date().toISOString(), results }, null, 2)}\n`,
);
process.exit(results.some((result) => result.pass === false) ? 1 : 0);

function format(value: number): string {
  return Math.abs(value) >= 100 ? Math.round(value).toLocaleString('en') : value.toFixed(2);
}
