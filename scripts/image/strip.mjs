// Runs during the image's build: removes everything that is not needed at run time. Needed are the server's bundle, the
// packages that the bundle leaves outside, and the agent with its packages. The image has its own Node.
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { outsideBundle } from '../start/bundle-outside.mjs';

const root = process.argv[2] ?? '.';
const { packages } = JSON.parse(readFileSync(path.join(root, 'package-lock.json'), 'utf8'));

/** Where `name` is found from the package at `place`: beside it, or in the nearest folder above. */
function placeOf(name, place) {
  for (let above = place; ; above = above.replace(/(?:^|\/)node_modules\/[^/]+(?:\/[^/]+)?$/, '')) {
    const candidate = `${above === '' ? '' : `${above}/`}node_modules/${name}`;
    if (packages[candidate] !== undefined) return candidate;
    if (!above.includes('node_modules')) return above === '' ? undefined : placeOf(name, '');
  }
}

const kept = new Set();
function keep(place) {
  if (place === undefined || kept.has(place)) return;
  kept.add(place);
  const { dependencies = {}, optionalDependencies = {} } = packages[place];
  for (const name of Object.keys({ ...dependencies, ...optionalDependencies })) keep(placeOf(name, place));
}
for (const name of outsideBundle) keep(placeOf(name, 'server'));
keep('packages/agent');

const unneeded = Object.keys(packages).filter((place) => place.includes('node_modules/') && !kept.has(place));
/** A folder that holds a package which stays. */
const isAbove = (place) => [...kept].some((one) => one.startsWith(`${place}/`));
const sources = [
  'server/src',
  'server/migrations',
  'server/db',
  'test',
  'bench',
  'scripts',
  'docs',
  'examples',
  '.ci',
];
const work = [
  'web/src',
  'web/build',
  'web/public',
  'packages/client',
  'packages/contracts',
  'packages/agent/src',
];
for (const place of [
  ...unneeded.filter((each) => !isAbove(each)),
  ...sources,
  ...work,
  'node_modules/.cache',
  'node_modules/.bin',
])
  rmSync(path.join(root, place), { recursive: true, force: true });

/** Source maps of other packages. */
for (const entry of readdirSync(path.join(root, 'node_modules'), { recursive: true, withFileTypes: true })) {
  const file = path.join(entry.parentPath, entry.name);
  if (entry.isFile() && entry.name.endsWith('.map') && existsSync(file)) rmSync(file);
}
