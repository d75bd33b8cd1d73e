// Finds packages of the lock file that are missing on this machine. So an interrupted install is noticed before
// something fails with an unclear message.
import path from 'node:path';

/** Does a list in npm's format ("linux", "!win32") allow this machine? */
function allows(list, own) {
  if (list === undefined) return true;
  const words = [list].flat();
  if (words.includes(`!${own}`)) return false;
  const wanted = words.filter((word) => !word.startsWith('!'));
  return wanted.length === 0 || wanted.includes(own);
}

/**
 * Packages of the lock file that should be on this machine (`platform`, `arch`, `libc`: glibc or musl) and are missing,
 * as `{ place, optional }` with the path below the root. npm silently leaves out an optional package that it cannot
 * get. But the runtime and the database are optional packages, so one that is made for this platform is required here.
 */
export function missingPackages(lock, { platform, arch, libc, withDev, has }) {
  return Object.entries(lock.packages)
    .filter(([place]) => place.includes('node_modules/'))
    .filter(([, entry]) => withDev || !(entry.dev || entry.devOptional))
    .filter(([, entry]) => !entry.optional || entry.os !== undefined)
    .filter(([, { os, cpu, libc: c }]) => allows(os, platform) && allows(cpu, arch) && allows(c, libc))
    .filter(([place]) => !has(path.join(place, 'package.json')))
    .map(([place, entry]) => ({ place, optional: entry.optional === true }));
}
