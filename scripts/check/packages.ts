import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { filesBelow } from './files.ts';

interface Manifest {
  name: string;
  dependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
}

/** Every dependency is pinned to an exact version and has its reason in docs/dependencies.md. */
export async function checkPackages(root: string): Promise<string[]> {
  const faults: string[] = [];
  const reasons = await readFile(path.join(root, 'docs', 'dependencies.md'), 'utf8').catch(() => '');
  const manifests = await filesBelow(root, (name) => name === 'package.json');
  for (const file of manifests) {
    // Safe because npm itself refuses a package.json of another shape.
    const manifest = JSON.parse(await readFile(file, 'utf8')) as Manifest;
    const named = {
      ...manifest.dependencies,
      ...manifest.devDependencies,
      ...manifest.optionalDependencies,
    };
    for (const [name, version] of Object.entries(named)) {
      if (!/^(npm:[@\w/-]+@)?\d+\.\d+\.\d+/.test(version))
        faults.push(`${manifest.name}: ${name} is "${version}"; pin an exact version`);
      if (!name.startsWith('@watchkeeper/') && !reasons.includes(`\`${name}\``))
        faults.push(`docs/dependencies.md gives no reason for ${name}`);
    }
  }
  return faults;
}
