// Within the image's build: leaves what the server needs to run and nothing else. What the lock file marks as a tool of
// building or testing goes, and so does the pinned Node: the image has one of its own.
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

/** Tests, and maps of other people's sources. */
const notRun = /\.(test|fixture)\.ts$|\.map$/;
for (const folder of ['server', 'packages', 'node_modules']) {
  for (const entry of readdirSync(path.join(root, folder), { recursive: true, withFileTypes: true })) {
    if (entry.isFile() && notRun.test(entry.name)) rmSync(path.join(entry.parentPath, entry.name));
  }
}
