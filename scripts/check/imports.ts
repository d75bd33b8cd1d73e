import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { sourceFiles } from './files.ts';

const importPattern =
  /(?:^|\n)\s*(?:import|export)\b[^'"`;]*?from\s*['"]([^'"]+)['"]|import\(\s*['"]([^'"]+)['"]\s*\)|(?:^|\n)\s*import\s*['"]([^'"]+)['"]/g;

/** Type imports count too: a type is also a dependency. */
export function importsOf(source: string): string[] {
  return [...source.matchAll(importPattern)].map((match) => match[1] ?? match[2] ?? match[3] ?? '');
}

/** The files of a folder, by their path inside it with `/`, and the files that each imports. */
export type Graph = ReadonlyMap<string, ReadonlySet<string>>;

/** `alias` gives the file for an import without a leading dot; undefined for a package. */
export async function graphOf(
  folder: string,
  alias: (target: string) => string | undefined = () => undefined,
): Promise<Graph> {
  const sources = new Map<string, string>();
  for (const file of await sourceFiles(folder))
    sources.set(path.relative(folder, file).split(path.sep).join('/'), await readFile(file, 'utf8'));
  const graph = new Map<string, Set<string>>();
  for (const [file, source] of sources) {
    const targets = importsOf(source).map((target) =>
      target.startsWith('.') ? path.posix.join(path.posix.dirname(file), target) : alias(target),
    );
    graph.set(file, new Set(targets.flatMap((target) => resolved(target, sources) ?? [])));
  }
  return graph;
}

/** The console leaves file endings out, as its bundler allows. */
function resolved(target: string | undefined, sources: ReadonlyMap<string, string>): string | undefined {
  if (target === undefined) return undefined;
  return ['', '.ts', '.tsx', '/index.ts', '/index.tsx']
    .map((ending) => `${target}${ending}`)
    .find((file) => sources.has(file));
}

/** Every circle of files, named once. */
export function circlesIn(graph: Graph): string[] {
  const faults: string[] = [];
  const done = new Set<string>();
  const trail: string[] = [];
  function visit(file: string): void {
    const seenAt = trail.indexOf(file);
    if (seenAt >= 0) {
      faults.push(`circle: ${[...trail.slice(seenAt), file].join(' -> ')}`);
      return;
    }
    if (done.has(file)) return;
    trail.push(file);
    for (const next of graph.get(file) ?? []) visit(next);
    trail.pop();
    done.add(file);
  }
  for (const file of graph.keys()) visit(file);
  return faults;
}
