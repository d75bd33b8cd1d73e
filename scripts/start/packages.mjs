// What the lock file names and this machine lacks: an install that was cut off, or that left packages out, is seen
// before something fails of it in words that nobody understands.
import path from 'node:path';

/** Is a list as npm writes it ("linux", "!win32") about this machine? */
function allows(list, own) {
  if (list === undefined) return true;
  const words = [list].flat();
  if (words.includes(`!${own}`)) return false;
  const wanted = words.filter((word) => !word.startsWith('!'));
  return wanted.length === 0 || wanted.includes(own);
}

/**
 * Packages of the lock file that belong on this machine (`platform`, `arch`, `libc`: glibc or musl) and are not there,
 * as `{ place, optional }` with the place below the root. npm leaves out what is optional without a word when it cannot
 * be had; where it is made for this platform it is demanded all the same, since the runtime and the database are such.
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
