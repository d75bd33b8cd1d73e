import { readFile } from 'node:fs/promises';
import path from 'node:path';

interface LockedPackage {
  readonly link?: boolean;
  readonly resolved?: string;
  readonly integrity?: string;
  readonly license?: string;
}

/**
 * Licences of dependencies that a product under Apache-2.0 may include. MPL-2.0 requires only the source of its own
 * files.
 */
const licences = new Set([
  ...[
    '0BSD',
    'Apache-2.0',
    'BlueOak-1.0.0',
    'BSD-2-Clause',
    'BSD-3-Clause',
    'CC0-1.0',
    'ISC',
    'MIT',
    'MIT-0',
  ],
  ...['MPL-2.0', 'Python-2.0', 'Unlicense', 'Zlib'],
]);

/**
 * Every locked package has a checksum, comes from the registry that npm is configured to use, and has a licence on the
 * list.
 */
export async function checkLockFile(root: string): Promise<string[]> {
  // Safe because npm writes it, and refuses one of another shape.
  const lock = JSON.parse(await readFile(path.join(root, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, LockedPackage>;
  };
  return faultsOfLock(lock.packages);
}

export function faultsOfLock(packages: Readonly<Record<string, LockedPackage>>): string[] {
  return Object.entries(packages).flatMap(([place, locked]) =>
    place.includes('node_modules/') && locked.link !== true
      ? faultsOf(locked).map((fault) => `package-lock.json: ${place} ${fault}`)
      : [],
  );
}

function faultsOf({ resolved, integrity, license }: LockedPackage): string[] {
  const faults: string[] = [];
  if (resolved !== undefined) faults.push(`comes from "${resolved}"; only the registry, unnamed, is allowed`);
  if (!integrity?.startsWith('sha512-')) faults.push('has no SHA-512 checksum');
  if (license === undefined)
    faults.push('names no licence; read it, and find another package or ask its authors');
  else if (!mayShip(license)) faults.push(`is under ${license}, which is not on the list in lock-file.ts`);
  return faults;
}

/** For an SPDX expression without nesting: with "A OR B" one must be allowed, with "A AND B" both. */
export function mayShip(expression: string): boolean {
  const plain = expression.replace(/^\((.*)\)$/, '$1');
  return plain.split(' OR ').some((choice) => choice.split(' AND ').every((name) => licences.has(name)));
}
