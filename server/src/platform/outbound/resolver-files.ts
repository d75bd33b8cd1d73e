import { readFile, stat } from 'node:fs/promises';
import { isIP } from 'node:net';
import path from 'node:path';

/** A change of the files takes effect within this time. */
const lookMs = 5_000;
/** A longer hosts file is a block list. The rest of it is ignored and left to DNS. */
const fileBytesMax = 1_048_576;
const searchMax = 6;
const ndotsMax = 15;

export interface LookedUp {
  readonly address: string;
  readonly family: number;
}

export interface ResolverPaths {
  readonly hostsFile: string;
  readonly resolvFile: string;
}

/** What this machine's files say about names. */
export interface NameFiles {
  /** A new number after each change of the resolver's configuration. */
  readonly version: number;
  readonly hosts: ReadonlyMap<string, LookedUp[]>;
  /** The full names that a name may stand for, in the order in which they are asked. */
  candidates(hostname: string): string[];
}

const windowsHosts = path.join(
  process.env.SystemRoot ?? String.raw`C:\Windows`,
  'System32',
  'drivers',
  'etc',
  'hosts',
);

/** Reads the hosts file and resolv.conf, and reads them again when they change. A missing file counts as empty. */
export function watchNameFiles(paths: Partial<ResolverPaths>): () => Promise<NameFiles> {
  const isWindows = process.platform === 'win32';
  const hostsFile = paths.hostsFile ?? (isWindows ? windowsHosts : '/etc/hosts');
  const resolvFile = paths.resolvFile ?? '/etc/resolv.conf';
  let stamp = '';
  let lookedAt = Number.NEGATIVE_INFINITY;
  let version = 0;
  let looking: Promise<NameFiles> | undefined;
  let files: NameFiles | undefined;

  async function look(): Promise<NameFiles> {
    const now = `${await stampOf(hostsFile)} ${await stampOf(resolvFile)}`;
    if (files === undefined || now !== stamp) {
      version += 1;
      const hosts = parseHosts(await textOf(hostsFile));
      const { search, ndots } = parseResolv(await textOf(resolvFile));
      files = { version, hosts, candidates: (hostname) => fullNames(hostname, search, ndots) };
      stamp = now;
    }
    lookedAt = performance.now();
    return files;
  }

  return async () => {
    if (files !== undefined && performance.now() - lookedAt < lookMs) return files;
    looking ??= look().finally(() => {
      looking = undefined;
    });
    return await looking;
  };
}

async function stampOf(file: string): Promise<string> {
  try {
    const { mtimeMs, size, ino } = await stat(file);
    return `${mtimeMs}:${size}:${ino}`;
  } catch {
    return 'none';
  }
}

async function textOf(file: string): Promise<string> {
  try {
    return (await readFile(file)).subarray(0, fileBytesMax).toString('utf8');
  } catch {
    return '';
  }
}

/** "address name name ...". A `#` starts a comment. */
export function parseHosts(text: string): Map<string, LookedUp[]> {
  const hosts = new Map<string, LookedUp[]>();
  for (const line of text.split('\n')) {
    const [address = '', ...names] = (line.split('#', 1)[0] ?? '').trim().split(/\s+/);
    const family = isIP(address);
    if (family === 0 || address.includes('%')) continue;
    for (const name of names) {
      const key = name.toLowerCase().replace(/\.$/, '');
      const known = hosts.get(key) ?? [];
      if (!known.some((one) => one.address === address)) hosts.set(key, [...known, { address, family }]);
    }
  }
  return hosts;
}

/** The settings in resolv.conf that c-ares does not use for plain questions. The last `search` or `domain` counts. */
export function parseResolv(text: string): { search: string[]; ndots: number } {
  let search: string[] = [];
  let ndots = 1;
  for (const line of text.split('\n')) {
    const [word, ...rest] = (line.split(/[#;]/, 1)[0] ?? '').trim().split(/\s+/);
    if (word === 'search' || word === 'domain')
      search = rest.map((name) => name.toLowerCase().replace(/\.$/, '')).filter((name) => name !== '');
    if (word !== 'options') continue;
    for (const option of rest) {
      const [, dots] = /^ndots:(\d+)$/.exec(option) ?? [];
      if (dots !== undefined) ndots = Math.min(Number(dots), ndotsMax);
    }
  }
  return { search: search.slice(0, searchMax), ndots };
}

function fullNames(hostname: string, search: readonly string[], ndots: number): string[] {
  const longer = search.map((suffix) => `${hostname}.${suffix}`);
  const dots = hostname.split('.').length - 1;
  return dots >= ndots ? [hostname, ...longer] : [...longer, hostname];
}
