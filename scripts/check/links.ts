import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { filesBelow } from './files.ts';

const linkPattern = /\]\(([^)\s]+)\)/g;
/** Paths in backticks in the text. They become wrong as silently as links do. */
const pathPattern =
  /`((?:server|web|packages|test|bench|docs|scripts|examples|deploy)\/[A-Za-z0-9_./-]+\.[a-z]+)`/g;

const listBytesMax = 16 * 1024 * 1024;

/** The files and folders of a fresh clone. A file that git ignores may exist here, but not there. */
async function repositoryPaths(root: string): Promise<ReadonlySet<string>> {
  const { stdout } = await promisify(execFile)(
    'git',
    ['-c', 'safe.directory=*', 'ls-files', '-z', '--cached', '--others', '--exclude-standard'],
    { cwd: root, maxBuffer: listBytesMax },
  );
  const paths = new Set<string>(['']);
  for (let name of stdout.split('\0')) {
    for (; name !== '' && name !== '.'; name = path.dirname(name)) paths.add(name);
  }
  return paths;
}

/** Every relative link and every path in backticks of the project's Markdown must exist. */
export async function checkLinks(root: string): Promise<string[]> {
  const faults: string[] = [];
  const known = await repositoryPaths(root);
  const exists = (file: string) => known.has(path.relative(root, file));
  for (const file of await filesBelow(root, (name) => name.endsWith('.md'))) {
    const text = await readFile(file, 'utf8');
    const name = path.relative(root, file);
    for (const [, target = ''] of text.matchAll(linkPattern)) {
      if (/^[a-z]+:/.test(target) || target.startsWith('#')) continue;
      if (!exists(path.resolve(path.dirname(file), target.split('#')[0] ?? '')))
        faults.push(`${name}: dead link ${target}`);
    }
    for (const [, target = ''] of text.matchAll(pathPattern)) {
      if (!exists(path.join(root, target))) faults.push(`${name}: names ${target}, which does not exist`);
    }
  }
  return faults;
}
