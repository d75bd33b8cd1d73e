// Chooses the Node that runs Watchkeeper: the pinned one, or another suitable one where the pinned one cannot run.
// Plain JavaScript for any Node from 18 up, because it runs before anything is installed.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';

/** Strips types; supports `using` and zstd. */
export const oldestMajor = 24;
const proofMsMax = 30_000;

/**
 * Where the package of this platform puts the pinned Node.
 * @param {string} root
 * @param {{ platform?: string, arch?: string }} machine
 */
export function pinnedNode(root, { platform = process.platform, arch = process.arch } = {}) {
  const name = `node-${platform === 'win32' ? 'win' : platform}-${arch}`;
  return path.join(root, 'node_modules', name, 'bin', platform === 'win32' ? 'node.exe' : 'node');
}

/** The fault of this Node, in words; undefined when it runs and is new enough. It is executed to find out. */
export function faultOf(file) {
  if (!existsSync(file)) return 'is not there';
  const { status, signal, stdout, stderr, error } = spawnSync(file, ['--print', 'process.version'], {
    encoding: 'utf8',
    timeout: proofMsMax,
    // The test is about the program, not about options that the caller set for another one.
    env: { ...process.env, NODE_OPTIONS: '' },
  });
  if (error) return `cannot be run here (${error.code ?? error.message})`;
  if (status !== 0) return `does not run here (${firstLine(stderr) || `it ended with ${status ?? signal}`})`;
  const version = /^v(\d+)\.\d+\.\d+/.exec(stdout.trim());
  if (version === null) return 'does not behave like Node';
  if (Number(version[1]) < oldestMajor) return `is ${version[0]}`;
  return undefined;
}

function firstLine(text) {
  return text.trim().split('\n')[0].slice(0, 200);
}

/** The first Node that runs and is suitable, with the faults of those before it. */
export function chooseRuntime(candidates, judge = faultOf) {
  const faults = [];
  for (const file of new Set(candidates)) {
    const fault = judge(file);
    if (fault === undefined) return { file, faults };
    faults.push(`${file} ${fault}`);
  }
  return { file: undefined, faults };
}

/**
 * What to install, in one line.
 * @param {readonly string[]} faults
 * @param {{ platform?: string, has?: (file: string) => boolean }} machine
 */
export function adviceFor(faults, { platform = process.platform, has = existsSync } = {}) {
  const library = /(lib[\w+-]+\.so[\w.]*): cannot open shared object/.exec(faults.join('\n'))?.[1];
  const packages = {
    'libatomic.so.1': 'libatomic1',
    'libstdc++.so.6': 'libstdc++6',
    'libgcc_s.so.1': 'libgcc-s1',
  };
  let advice = `Install Node ${oldestMajor} or newer (https://nodejs.org/en/download) and start again.`;
  if (library !== undefined && packages[library] !== undefined && has('/usr/bin/apt-get'))
    advice = `Install it ("apt-get install ${packages[library]}") and start again.`;
  else if (platform === 'linux' && has('/sbin/apk'))
    advice = `Install Node ${oldestMajor} or newer ("apk add nodejs npm"), set DATABASE_URL to a PostgreSQL 15 or newer (the embedded one needs glibc), and start again.`;
  return `No Node that fits runs on this machine: ${faults.join('; ')}. ${advice}`;
}
