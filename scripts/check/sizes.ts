import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { sourceFiles } from './files.ts';

/** A longer file does more than one thing: split it by what it does. */
export const fileLinesMax = 330;

const folders = ['server', 'web'];

/** Source files of server and web that are too long. Tests, fixtures and the messages' catalogues do not count. */
export async function checkSizes(root: string): Promise<string[]> {
  const faults: string[] = [];
  for (const folder of folders)
    for (const file of await sourceFiles(path.join(root, folder))) {
      const name = path.relative(root, file).replaceAll(path.sep, '/');
      const lines = isCounted(name) ? linesOf(await readFile(file, 'utf8')) : 0;
      if (lines > fileLinesMax)
        faults.push(`${name}: ${lines} lines, at most ${fileLinesMax}; split it by what it does`);
    }
  return faults;
}

/** Generated files and catalogues grow with what they list. */
export function isCounted(name: string): boolean {
  return !/\.(gen|generated)\.tsx?$/.test(name) && !/^web\/src\/messages\/[a-z]{2}\//.test(name);
}

export function linesOf(text: string): number {
  const lines = text.split('\n').length;
  return text.endsWith('\n') ? lines - 1 : lines;
}
