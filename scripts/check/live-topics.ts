import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { House } from '#platform/module';
import { sourceFiles } from './files.ts';

/** Proves that a module publishes only on live topics that it declares: the stream carries no others. */
export async function checkLiveTopics(root: string, house: House): Promise<string[]> {
  const modules = path.join(root, 'server', 'src', 'modules');
  const sources = new Map<string, string>();
  for (const file of await sourceFiles(path.join(root, 'server', 'src')))
    sources.set(file, await readFile(file, 'utf8'));
  const named = constantsOf([...sources.values()].join('\n'));
  const faults: string[] = [];
  for (const [file, source] of sources) {
    const [name = ''] = path.relative(modules, file).split(path.sep);
    const declared = house.find((module) => module.name === name)?.live ?? [];
    for (const topic of publishedIn(source, named))
      if (!declared.some((one) => one.topic === topic))
        faults.push(
          `${path.relative(root, file)}: publishes "${topic}", which ${name} does not declare in Module.live`,
        );
  }
  return faults;
}

/** Constants of all files whose name ends with `Topic`, by name. */
export function constantsOf(source: string): Map<string, string> {
  return new Map(
    [...source.matchAll(/const (\w*[tT]opic) = '([^']+)'/g)].map(([, name = '', value = '']) => [
      name,
      value,
    ]),
  );
}

/** The topics of all calls of `live.publish`. A name without a constant is returned unchanged. */
export function publishedIn(source: string, constants: ReadonlyMap<string, string>): string[] {
  return [...source.matchAll(/live\.publish\([^}]*?\btopic(?:: (?:'([^']+)'|(\w+))|\b)/g)].map(
    ([, literal, name = 'topic']) => literal ?? constants.get(name) ?? name,
  );
}
