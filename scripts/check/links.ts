import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { filesBelow } from './files.ts';

const linkPattern = /\]\(([^)\s]+)\)/g;
/** Paths the prose names in backticks; they rot as silently as links do. */
const pathPattern =
  /`((?:server|web|packages|test|bench|docs|scripts|examples|deploy)\/[A-Za-z0-9_./-]+\.[a-z]+)`/g;

/** Every relative link and every path in backticks of the project's Markdown must exist. */
export async function checkLinks(root: string): Promise<string[]> {
  const faults: string[] = [];
  for (const file of await filesBelow(root, (name) => name.endsWith('.md'))) {
    const text = await readFile(file, 'utf8');
    const name = path.relative(root, file);
    for (const [, target = ''] of text.matchAll(linkPattern)) {
      if (/^[a-z]+:/.test(target) || target.startsWith('#')) continue;
      if (!existsSync(path.resolve(path.dirname(file), target.split('#')[0] ?? '')))
        faults.push(`${name}: dead link ${target}`);
    }
    for (const [, target = ''] of text.matchAll(pathPattern)) {
      if (!existsSync(path.join(root, target))) faults.push(`${name}: names ${target}, which does not exist`);
    }
  }
  return faults;
}
