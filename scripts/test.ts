// npm test: everything, in the order of speed. Arguments go to vitest (e.g. `npm test -- --project unit`).
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { ensureChromium, ensurePostgres15, ensureTestPrograms } from './test-engines.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const vitest = fileURLToPath(new URL('../node_modules/vitest/vitest.mjs', import.meta.url));

function run(title: string, args: readonly string[], env: Record<string, string> = {}): void {
  console.log(`\n== ${title}`);
  const result = spawnSync(process.execPath, [vitest, 'run', ...args], {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, ...env },
  });
  if (result.status !== 0) process.exit(result.status ?? 1);
}

const own = process.argv.slice(2);
if (own.length > 0) {
  run('chosen tests', own);
} else {
  ensureTestPrograms();
  const chromium = await ensureChromium();
  await using postgres15 = await ensurePostgres15();
  run('unit', ['--project', 'unit', '--project', 'web']);
  run('database, embedded PostgreSQL 18', ['--project', 'db', '--project', 'stories']);
  // The embedded server's own tests have nothing to say about another one.
  const elsewhere = ['--project', 'db', '--exclude', 'server/src/platform/db/embedded/**'];
  run('database, PostgreSQL 15', elsewhere, { TEST_DATABASE_URL: postgres15.url });
  run('proof', ['--project', 'proof']);
  run('browser', ['--project', 'browser'], { CHROMIUM_PATH: chromium });
}
