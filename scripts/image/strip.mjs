// Runs during the image's build: removes everything that the server does not need at run time. This includes packages
// that the lock file marks as development tools, and the pinned Node, because the image has its own.
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';

const root = process.argv[2] ?? '.';
const { packages } = JSON.parse(readFileSync(path.join(root, 'package-lock.json'), 'utf8'));

const tools = Object.entries(packages)
  .filter(([place, entry]) => place.includes('node_modules/') && (entry.dev || entry.devOptional))
  .map(([place]) => place);
const pinned = Object.keys(packages).filter((place) => /^node_modules\/node-(linux|win)-\w+$/.test(place));
const caches = ['node_modules/.cache', 'node_modules/.bin'];
const sources = ['web/src', 'web/build', 'web/public', 'test', 'bench', 'scripts', 'docs', 'examples', '.ci'];
for (const place of [...tools, ...pinned, ...caches, ...sources])
  rmSync(path.join(root, place), { recursive: true, force: true });

/** Tests, and source maps of other packages. */
const notRun = /\.(test|fixture)\.ts$|\.map$/;
for (const folder of ['server', 'packages', 'node_modules']) {
  for (const entry of readdirSync(path.join(root, folder), { recursive: true, withFileTypes: true })) {
    if (entry.isFile() && notRun.test(entry.name)) rmSync(path.join(entry.parentPath, entry.name));
  }
}
