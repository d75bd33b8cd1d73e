import { readdir } from 'node:fs/promises';
import path from 'node:path';

const skipped = new Set(['node_modules', 'dist', 'coverage', 'data', '.git', '.cache']);

export async function filesBelow(folder: string, wanted: (name: string) => boolean): Promise<string[]> {
  const found: string[] = [];
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (skipped.has(entry.name)) continue;
    const full = path.join(folder, entry.name);
    if (entry.isDirectory()) found.push(...(await filesBelow(full, wanted)));
    else if (wanted(entry.name)) found.push(full);
  }
  return found;
}

export function sourceFiles(folder: string): Promise<string[]> {
  return filesBelow(folder, (name) => /\.tsx?$/.test(name) && !/\.(test|fixture)\.tsx?$/.test(name));
}
