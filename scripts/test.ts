// npm test: everything, fastest first. Arguments go to vitest (e.g. `npm test -- --project unit`).
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { ensureChromium, ensurePostgres15, ensureTestPrograms } from './test-engines.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const vitest = fileURLToPath(new URL('../node_modules/vitest/vitest.mjs', import.meta.url));

/** The embedded server's own tests cannot test another server. */
const embedded = 'server/src/platform/db/embedded/';
/** Compiled code is cached for the next run, for every worker of every suite. */
const compiled = fileURLToPath(new URL('../node_modules/.cache/watchkeeper/compiled-tests', import.meta.url));
/** Servers and browsers mostly wait for each other: with two workers, half of two cores would be idle. */
const waiting = ['--maxWorkers', '4'];

function run(title: string, args: readonly string[], env: Record<string, string> = {}): void {
  console.log(`\n== ${title}`);
  const result = spawnSync(process.execPath, [vitest, 'run', ...args], {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, NODE_COMPILE_CACHE: compiled, ...env },
  });
  // The rest runs anyway, so that all faults are seen at once.
  if (result.status !== 0) {
    console.error(`== ${title}: red`);
    process.exitCode = result.status ?? 1;
  }
}

const own = process.argv.slice(2);
if (own.length > 0) {
  run('chosen tests', own);
} else {
  ensureTestPrograms();
  const chromium = await ensureChromium();
  await using postgres15 = await ensurePostgres15();
  run('unit', ['--project', 'unit', '--project', 'web']);
  // Database tests run on the oldest PostgreSQL, and everything on the newest. A single file runs only on the newest.
  const elsewhere = ['--project', 'db', '--exclude', `${embedded}**`, '--maxWorkers', '3'];
  run('database, PostgreSQL 15', elsewhere, { TEST_DATABASE_URL: postgres15.url });
  // In one run: waiting tests (a proof, a killed server) leave their core to others, and only one end has idle workers.
  const whole = ['db', 'stories', 'proof', 'browser'].flatMap((name) => ['--project', name]);
  run(
    'browser, stories and proofs, embedded PostgreSQL 18',
    [...whole, ...waiting, embedded, 'test/browser/', 'test/stories/', 'test/proof/'],
    { CHROMIUM_PATH: chromium },
  );
}
