// npm run check: types, lint and format, module boundaries, routes, settings, kinds, dead links. No database, under a minute.
import { spawn } from 'node:child_process';
import { enableCompileCache } from 'node:module';
import { fileURLToPath } from 'node:url';
import { checkBoundaries } from './check/boundaries.ts';
import { checkContributions } from './check/contributions.ts';
import { checkKinds } from './check/kinds.ts';
import { checkLinks } from './check/links.ts';
import { checkLockFile } from './check/lock-file.ts';
import { checkPackages } from './check/packages.ts';
import { checkSettings } from './check/settings.ts';
import { checkSizes } from './check/sizes.ts';
import { checkTables } from './check/tables.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
// The routes are read from the running modules. Compiled code is cached for the next run.
enableCompileCache(fileURLToPath(new URL('../node_modules/.cache/watchkeeper/compiled', import.meta.url)));
const bin = (file: string) => fileURLToPath(new URL(`../node_modules/${file}`, import.meta.url));

interface Outcome {
  name: string;
  ok: boolean;
  output: string;
}

function program(name: string, file: string, args: readonly string[]): Promise<Outcome> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [bin(file), ...args], { cwd: root });
    let output = '';
    child.stdout.on('data', (chunk) => (output += chunk));
    child.stderr.on('data', (chunk) => (output += chunk));
    child.on('close', (code) => resolve({ name, ok: code === 0, output }));
  });
}

function own(name: string, faults: readonly string[]): Outcome {
  return { name, ok: faults.length === 0, output: faults.map((fault) => `  ${fault}`).join('\n') };
}

const outcomes = await Promise.all([
  program('types: server', 'typescript/bin/tsc', ['-p', 'tsconfig.json']),
  program('types: web', 'typescript/bin/tsc', ['-p', 'web/tsconfig.json']),
  program('lint and format', '@biomejs/biome/bin/biome', ['check', '.']),
  program('openapi lint', '@redocly/cli/bin/cli.js', ['lint', 'openapi.json', '--config', 'redocly.yaml']),
  checkBoundaries(root).then((faults) => own('module boundaries', faults)),
  checkTables(root).then((faults) => own('owners of tables', faults)),
  checkContributions(root).then((faults) => own('what modules bring', faults)),
  import('./check/routes.ts')
    .then(({ checkRoutes }) => checkRoutes(root))
    .then((faults) => own('permissions and audit of routes', faults)),
  checkSettings(root).then((faults) => own('readers of settings', faults)),
  checkKinds(root).then((faults) => own('contract of kinds', faults)),
  checkSizes(root).then((faults) => own('lengths of files', faults)),
  checkLinks(root).then((faults) => own('links in docs', faults)),
  checkPackages(root).then((faults) => own('dependencies', faults)),
  checkLockFile(root).then((faults) => own('lock file and licences', faults)),
]);

for (const outcome of outcomes) {
  console.log(`${outcome.ok ? 'ok  ' : 'FAIL'} ${outcome.name}`);
  if (!outcome.ok) console.log(outcome.output);
}
process.exit(outcomes.every((outcome) => outcome.ok) ? 0 : 1);
