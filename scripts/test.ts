// npm test: everything, in the order of speed. Arguments go to vitest (e.g. `npm test -- --project unit`).
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { ensureChromium, ensurePostgres15, ensureTestPrograms } from './test-engines.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const vitest = fileURLToPath(new URL('../node_modules/vitest/vitest.mjs', import.meta.url));

/** The embedded server's own tests have nothing to say about another one. */
const embedded = 'server/src/platform/db/embedded/';
/** What was compiled once is read the next time, by every worker of every suite. */
const compiled = fileURLToPath(new URL('../node_modules/.cache/watchkeeper/compiled-tests', import.meta.url));
/** Whole servers and browsers mostly wait for each other: two workers leave half of two cores idle. */
const waiting = ['--maxWorkers', '4'];

function run(title: string, args: readonly string[], env: Record<string, string> = {}): void {
  console.log(`\n== ${title}`);
  const result = spawnSync(process.execPath, [vitest, 'run', ...args], {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, NODE_COMPILE_CACHE: compiled, ...env },
  });
  // The rest is run all the same: who mends one fault wants to know of the others.
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
  // Every statement on the oldest PostgreSQL, every way through the house on the newest: a file alone runs on that one.
  const elsewhere = ['--project', 'db', '--exclude', `${embedded}**`, '--maxWorkers', '3'];
  run('database, PostgreSQL 15', elsewhere, { TEST_DATABASE_URL: postgres15.url });
  // In one run: what waits (a proof, a killed server) leaves its core to others, and only one end is ragged.
  const whole = ['db', 'stories', 'proof', 'browser'].flatMap((name) => ['--project', name]);
  run(
    'browser, stories and proofs, embedded PostgreSQL 18',
    [...whole, ...waiting, embedded, 'test/browser/', 'test/stories/', 'test/proof/'],
    { CHROMIUM_PATH: chromium },
  );
}
