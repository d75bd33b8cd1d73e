// The door of every npm script. Runs on any Node from 20 up and needs nothing installed: it installs what the
// lock file names when it changed, builds the console when its sources changed, then hands over to the pinned Node.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { nodeFlags } from './node-flags.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const cache = path.join(root, 'node_modules', '.cache', 'watchkeeper');
const node = path.join(root, 'node_modules', '.bin', process.platform === 'win32' ? 'node.cmd' : 'node');
const [task = 'start', ...args] = process.argv.slice(2);

const minutes = 60_000;
const installMsMax = 15 * minutes;
const buildMsMax = 5 * minutes;
const parentEveryMs = 1_000;

function fail(message) {
  console.error(message);
  process.exit(1);
}

function digest(files) {
  const hash = createHash('sha256');
  for (const file of files) hash.update(path.relative(root, file)).update(readFileSync(file));
  return hash.digest('hex');
}

function filesBelow(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const full = path.join(folder, entry.name);
    if (entry.name === 'node_modules' || entry.name === 'dist') return [];
    return entry.isDirectory() ? filesBelow(full) : [full];
  });
}

/** Runs `work` when the digest differs from the one noted at the last success. */
function whenChanged(name, files, stillThere, work) {
  const note = path.join(cache, name);
  const now = digest(files);
  if (stillThere && existsSync(note) && readFileSync(note, 'utf8') === now) return;
  work();
  mkdirSync(cache, { recursive: true });
  writeFileSync(note, now);
}

/** Preparations speak on standard error: standard output belongs to the program that follows. */
function run(command, commandArgs, options = {}) {
  const result = spawnSync(command, commandArgs, {
    cwd: root,
    stdio: ['inherit', 2, 2],
    shell: process.platform === 'win32',
    ...options,
  });
  if (result.error?.code === 'ETIMEDOUT')
    fail(
      `"${command} ${commandArgs.join(' ')}" took longer than ${options.timeout / minutes} minutes and was stopped.`,
    );
  if (result.error) fail(`"${command}" cannot be started: ${result.error.message}`);
  if (result.status !== 0) process.exit(result.status ?? 1);
}

function install() {
  const lock = path.join(root, 'package-lock.json');
  whenChanged('installed', [lock], existsSync(node), () => {
    console.error('Installing packages (only when the lock file changed) ...');
    run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], { timeout: installMsMax });
    if (!existsSync(node)) fail('The pinned Node was not installed.');
  });
}

function buildWeb() {
  const sources = ['web', 'packages']
    .flatMap((folder) => filesBelow(path.join(root, folder)))
    .filter((file) => !/\.test\.tsx?$/.test(file));
  whenChanged('web', sources, existsSync(path.join(root, 'web', 'dist', 'index.html')), () => {
    console.error('Building the console ...');
    run(node, [bin('vite/bin/vite.js'), 'build', 'web', '--logLevel', 'warn'], { timeout: buildMsMax });
  });
}

function bin(file) {
  return path.join(root, 'node_modules', file);
}

/**
 * Becomes the given program: signals go on, its exit code is ours. A SIGTERM to npm alone ends npm and its shell,
 * and the shell passes nothing on: whoever loses the parent it began with ends too.
 */
function become(programArgs, cwd = root) {
  const child = spawn(node, programArgs, { cwd, stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  const parent = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(watch);
    child.kill('SIGTERM');
  }, parentEveryMs);
  child.on('exit', (code, signal) => process.exit(code ?? (signal === null ? 1 : 128)));
}

const server = path.join(root, 'server', 'src', 'main.ts');
const tasks = {
  start() {
    buildWeb();
    become([...nodeFlags, server, 'serve', ...args]);
  },
  dev() {
    become([path.join(root, 'scripts', 'dev.ts'), ...args]);
  },
  build: buildWeb,
  test() {
    buildWeb();
    become([path.join(root, 'scripts', 'test.ts'), ...args]);
  },
  check: () => become([path.join(root, 'scripts', 'check.ts'), ...args]),
  screenshots() {
    buildWeb();
    become([path.join(root, 'scripts', 'screenshots.ts'), ...args]);
  },
  gen: () => become([path.join(root, 'scripts', 'gen.ts'), ...args]),
  bench() {
    buildWeb();
    become([path.join(root, 'bench', 'run.ts'), ...args]);
  },
  // File arguments are relative to where the caller stands.
  cli: () => become([...nodeFlags, server, ...args], process.cwd()),
};

const chosen = tasks[task];
if (chosen === undefined) fail(`Unknown task "${task}". Known: ${Object.keys(tasks).join(', ')}.`);
install();
chosen();
