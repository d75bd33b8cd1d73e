// The start of every npm script. Runs on any Node from 18 up and needs no packages. It installs packages when the lock
// file changed or something is missing, and builds what changed. Then it starts the pinned Node, or another suitable
// one where the pinned one does not run.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { builtServer, nodeFlags } from './server-process.mjs';
import { missingPackages } from './start/packages.mjs';
import { adviceFor, chooseRuntime, faultOf, pinnedNode } from './start/runtime.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const cache = path.join(root, 'node_modules', '.cache', 'watchkeeper');
const isWindows = process.platform === 'win32';
const [task = 'start', ...args] = process.argv.slice(2);

const minutes = 60_000;
const installMsMax = 15 * minutes;
const buildMsMax = 5 * minutes;
const parentEveryMs = 1_000;
const namedMax = 3;

function fail(message) {
  console.error(message);
  process.exit(1);
}

function script(file) {
  return path.join(root, file);
}

function inModules(file) {
  return path.join(root, 'node_modules', file);
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

/** How the files look from outside. To read them all costs more than a short command may. */
function looksOf(files) {
  const hash = createHash('sha256');
  for (const file of files) {
    const { size, mtimeMs } = statSync(file);
    hash.update(`${path.relative(root, file)} ${size} ${mtimeMs}\n`);
  }
  return hash.digest('hex');
}

/** Was this done before with the same files, and do its results still exist? */
function isDone(name, files, made) {
  const note = path.join(cache, name);
  if (!existsSync(made) || !existsSync(note)) return false;
  const [done, looks] = readFileSync(note, 'utf8').split('\n');
  if (looks === looksOf(files)) return true;
  if (done !== digest(files)) return false;
  noteDone(name, files);
  return true;
}

/** Called only after success, so that interrupted work is repeated. */
function noteDone(name, files) {
  mkdirSync(cache, { recursive: true });
  writeFileSync(path.join(cache, name), `${digest(files)}\n${looksOf(files)}`);
}

/** Preparations write to standard error, because standard output belongs to the program that follows. */
function run(command, commandArgs, options = {}) {
  const result = spawnSync(command, commandArgs, { cwd: root, stdio: ['inherit', 2, 2], ...options });
  const said = `"${command} ${commandArgs.join(' ')}"`;
  if (result.error?.code === 'ETIMEDOUT')
    fail(`${said} took longer than ${options.timeout / minutes} minutes and was stopped.`);
  if (result.error) fail(`${said} cannot be started: ${result.error.message}`);
  if (result.status !== 0) fail(`${said} failed (${result.status ?? result.signal}); see above.`);
}

const lockFile = path.join(root, 'package-lock.json');
const pinned = pinnedNode(root);

function missing(withDev) {
  return missingPackages(JSON.parse(readFileSync(lockFile, 'utf8')), {
    platform: process.platform,
    arch: process.arch,
    libc: existsSync('/etc/alpine-release') ? 'musl' : 'glibc',
    withDev,
    has: (file) => existsSync(path.join(root, file)),
  });
}

function named(gone) {
  const more = gone.length > namedMax ? ` and ${gone.length - namedMax} more` : '';
  return `${gone
    .slice(0, namedMax)
    .map(({ place }) => place)
    .join(', ')}${more}`;
}

/** Tools for building and testing are required only when something is built or tested. */
function install(withDev) {
  const isNoted = isDone('installed', [lockFile], lockFile);
  const gone = isNoted ? missing(withDev) : [];
  if (isNoted && gone.length === 0) return false;
  console.error(
    gone.length === 0
      ? 'Installing packages (only when the lock file changed) ...'
      : `Installing packages again: ${named(gone)} should be there and is not ...`,
  );
  npm(process.execPath);
  let still = missing(withDev);
  // An older npm silently leaves out an optional package that needs a newer Node than npm's own.
  if (still.length > 0 && process.execPath !== pinned && faultOf(pinned) === undefined) {
    console.error(`Installing again with the pinned Node: ${named(still)} was left out ...`);
    npm(pinned);
    still = missing(withDev);
  }
  const needed = still.filter(({ optional }) => !optional);
  if (needed.length > 0) fail(`npm ci ended well but left out ${named(needed)}. Run "npm ci" to see why.`);
  if (still.length > 0)
    console.error(`npm could not get ${named(still)}; the next start tries again. Going on without.`);
  return true;
}

/**
 * Runs `npm ci` with the npm that runs this script, if there is one. Development tools are installed whatever NODE_ENV
 * the host sets.
 */
function npm(node) {
  const npmArgs = [
    'ci',
    '--include=dev',
    '--include=optional',
    '--no-audit',
    '--no-fund',
    '--loglevel=error',
  ];
  const own = process.env.npm_execpath;
  if (!own?.endsWith('npm-cli.js') || !existsSync(own))
    return run('npm', npmArgs, { timeout: installMsMax, shell: isWindows });
  // Debian's own npm finds its modules beside its folder, and only with Debian's own Node.
  const modules = [process.env.NODE_PATH, path.resolve(own, '../../..')].filter(Boolean).join(path.delimiter);
  run(node, [own, ...npmArgs], { timeout: installMsMax, env: { ...process.env, NODE_PATH: modules } });
}

/** The Node for all further work. Each time, it is tested whether it runs, because a machine can lose a library. */
function runtime() {
  const onPath = (process.env.PATH ?? '')
    .split(path.delimiter)
    .filter((folder) => folder !== '' && !folder.includes('node_modules'))
    .map((folder) => path.join(folder, isWindows ? 'node.exe' : 'node'))
    .filter((file) => existsSync(file));
  const { file, faults } = chooseRuntime([pinned, process.execPath, ...onPath]);
  if (file === undefined) fail(adviceFor(faults));
  if (file !== pinned) {
    console.error(`Using ${file}: ${faults[0]}.`);
    link(file, inModules('.bin/node'));
  }
  return file;
}

/** npm puts `node_modules/.bin` first in PATH. So a Node there that does not run would break every script. */
function link(target, place) {
  if (isWindows || (existsSync(place) && realpathSync(place) === realpathSync(target))) return;
  try {
    rmSync(place, { force: true });
    mkdirSync(path.dirname(place), { recursive: true });
    const isOurs = !path.relative(root, target).startsWith('..');
    symlinkSync(isOurs ? path.relative(path.dirname(place), target) : target, place);
  } catch (error) {
    console.error(`${place} cannot be made a link to ${target}: ${error.message}`);
  }
}

const web = {
  name: 'web',
  made: path.join(root, 'web', 'dist', 'index.html'),
  files: () =>
    ['web', 'packages/client', 'packages/contracts']
      .flatMap((folder) => filesBelow(path.join(root, folder)))
      .filter((file) => !/\.test\.tsx?$/.test(file)),
  build(node) {
    console.error('Building the console ...');
    run(node, [inModules('vite/bin/vite.js'), 'build', 'web', '--logLevel', 'warn'], { timeout: buildMsMax });
  },
};

const agent = {
  name: 'agent',
  made: path.join(root, 'packages', 'agent', 'dist', 'command.cjs'),
  files: () => filesBelow(path.join(root, 'packages', 'agent')).filter((file) => !/\.test\.ts$/.test(file)),
  build(node) {
    console.error('Building the agent ...');
    const config = path.join(root, 'packages', 'agent', 'tsconfig.build.json');
    // A full build each time: with the notes of an earlier build, deleted outputs would not be made again.
    const whole = ['-p', config, '--incremental', 'false'];
    run(node, [inModules('typescript/bin/tsc'), ...whole], { timeout: buildMsMax });
    // npm links a command only if its file exists during the install.
    chmodSync(this.made, 0o755);
    link(this.made, inModules('.bin/watchkeeper-agent'));
  },
};

const server = {
  name: 'server',
  made: builtServer,
  files: () => [
    ...['server/src', 'server/migrations', 'packages/contracts/src'].flatMap((folder) =>
      filesBelow(path.join(root, folder)).filter((file) => !/\.(test|fixture)\.ts$/.test(file)),
    ),
    ...['server/package.json', 'scripts/start/bundle-server.mjs'].map((file) => path.join(root, file)),
    lockFile,
  ],
  build(node) {
    console.error('Building the server ...');
    const name = digest(this.files()).slice(0, 12);
    run(node, [script('scripts/start/bundle-server.mjs'), path.dirname(this.made), name], {
      timeout: buildMsMax,
    });
  },
};

/** Installs and builds what is missing or outdated. Returns the Node to continue with. */
function prepare({ builds = [], withDev = false } = {}) {
  const isOld = ({ name, files, made }) => !isDone(name, files(), made);
  const isNew = install(withDev || builds.some(isOld));
  const node = runtime();
  if (isNew) {
    run(node, [path.join(root, 'scripts', 'start', 'after-install.ts')], { timeout: minutes });
    noteDone('installed', [lockFile]);
  }
  for (const one of builds.filter(isOld)) {
    one.build(node);
    noteDone(one.name, one.files());
  }
  return node;
}

/**
 * Runs the given program in place of this one: forwards signals and returns its exit code. A SIGTERM sent only to npm
 * ends npm and its shell, but the shell forwards nothing. So this process also ends when it loses its parent.
 */
function become(node, programArgs, options = {}) {
  const child = spawn(node, programArgs, { cwd: root, stdio: 'inherit', ...options });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  const parent = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(watch);
    child.kill('SIGTERM');
  }, parentEveryMs);
  child.on('error', (error) => fail(`${node} cannot be started: ${error.message}`));
  child.on('exit', (code, signal) => process.exit(code ?? (signal === null ? 1 : 128)));
}

/** Caches compiled code for the next run, from the first file on. */
const compiled = { NODE_COMPILE_CACHE: path.join(cache, 'compiled'), ...process.env };

/** A host's NODE_ENV=production is meant for the server, not for the tools of development and tests. */
const as = (mode) => ({ env: { ...process.env, NODE_ENV: mode } });
/** Tests and benchmarks that start a server start the shipped one. */
const shipped = (env) => ({ env: { ...env, SERVER_MAIN: builtServer } });

const tasks = {
  start: () =>
    become(prepare({ builds: [web, agent, server] }), [...nodeFlags, server.made, 'serve', ...args], {
      env: compiled,
    }),
  dev: () => become(prepare({ withDev: true }), [script('scripts/dev.ts'), ...args], as('development')),
  build: () => void prepare({ builds: [web, agent, server] }),
  test: () =>
    become(
      prepare({ builds: [web, agent, server], withDev: true }),
      [script('scripts/test.ts'), ...args],
      shipped(as('test').env),
    ),
  check: () => become(prepare({ withDev: true }), [script('scripts/check.ts'), ...args]),
  screenshots: () =>
    become(prepare({ builds: [web], withDev: true }), [script('scripts/screenshots.ts'), ...args]),
  gen: () => become(prepare({ withDev: true }), [script('scripts/gen.ts'), ...args]),
  image: () => become(prepare({ withDev: true }), [script('scripts/image.ts'), ...args]),
  bench: () =>
    become(
      prepare({ builds: [web, server], withDev: true }),
      [script('bench/run.ts'), ...args],
      shipped(process.env),
    ),
  // File arguments are relative to the caller's folder.
  cli: () =>
    become(prepare({ builds: [server] }), [...nodeFlags, server.made, ...args], {
      cwd: process.cwd(),
      env: compiled,
    }),
  agent: () => become(prepare({ builds: [agent] }), [agent.made, ...args], { cwd: process.cwd() }),
};

const chosen = tasks[task];
if (chosen === undefined) fail(`Unknown task "${task}". Known: ${Object.keys(tasks).join(', ')}.`);
chosen();
