import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { sourceFiles } from './files.ts';

/** The house of docs/architecture.md: a module imports only from floors below its own, and only at the door. */
export const floors: Readonly<Record<string, number>> = {
  platform: 0,
  identity: 1,
  inventory: 2,
  delivery: 2,
  sources: 2,
  telemetry: 3,
  maintenance: 3,
  bookings: 3,
  checks: 4,
  alerting: 5,
  incidents: 6,
  notifications: 7,
  'status-pages': 7,
  notices: 7,
  desk: 7,
  insights: 7,
  interop: 8,
  health: 8,
  operations: 8,
  console: 8,
};

const importPattern =
  /(?:^|\n)\s*(?:import|export)\b[^'"`;]*?from\s*['"]([^'"]+)['"]|import\(\s*['"]([^'"]+)['"]\s*\)|(?:^|\n)\s*import\s*['"]([^'"]+)['"]/g;

/** Types count too: a type import is a dependency of thought. */
export function importsOf(source: string): string[] {
  return [...source.matchAll(importPattern)].map((match) => match[1] ?? match[2] ?? match[3] ?? '');
}

export async function checkBoundaries(root: string): Promise<string[]> {
  const faults: string[] = [];
  const graph = new Map<string, Set<string>>();
  for (const file of await sourceFiles(path.join(root, 'server', 'src'))) {
    const relative = path.relative(path.join(root, 'server', 'src'), file);
    const source = await readFile(file, 'utf8');
    const imports = importsOf(source);
    const targets = imports
      .filter((target) => target.startsWith('.'))
      .map((target) => path.join(path.dirname(relative), target));
    graph.set(
      relative,
      new Set([...targets, ...imports.filter((target) => target.startsWith('#')).map(resolveAlias)]),
    );
    faults.push(...moduleFaults(relative, imports), ...demoFaults(relative, source));
  }
  return [...faults, ...cycles(graph), ...(await schemaFaults(root))];
}

const contractImport = /import (?!type )\{([^}]*)\} from '(@watchkeeper\/contracts[^']*)'/g;

/** Words and plain functions over them, without schemas. */
const withoutSchemas = ['vocabulary', 'attention', 'figures', 'password-rules'].map(
  (name) => `@watchkeeper/contracts/${name}`,
);

/** The console takes types and the vocabulary; anything else would bring the whole schema library to the browser. */
async function schemaFaults(root: string): Promise<string[]> {
  const faults: string[] = [];
  for (const file of await sourceFiles(path.join(root, 'web', 'src'))) {
    const source = await readFile(file, 'utf8');
    for (const [, names = '', from] of source.matchAll(contractImport)) {
      const values = names
        .split(',')
        .filter((name) => name.trim() !== '' && !name.trim().startsWith('type '));
      if (values.length > 0 && !withoutSchemas.includes(from ?? ''))
        faults.push(
          `${path.relative(root, file)}: takes${values.join(',')} from ${from}; only types and the vocabulary`,
        );
    }
  }
  return faults;
}

function moduleFaults(relative: string, imports: readonly string[]): string[] {
  const home = moduleOf(relative);
  if (home === undefined) return [];
  const faults: string[] = [];
  const floor = floors[home];
  if (floor === undefined)
    faults.push(`${relative}: module "${home}" has no floor in scripts/check/boundaries.ts`);
  for (const target of imports) {
    const door = /^#modules\/([^/]+)$/.exec(target)?.[1];
    if (door !== undefined && (floors[door] ?? 99) >= (floor ?? 0)) {
      faults.push(
        `${relative}: imports "${door}" (floor ${floors[door]}) from floor ${floor}; speak upwards by a domain event`,
      );
    }
    if (target.startsWith('.') && moduleOf(path.join(path.dirname(relative), target)) !== home) {
      faults.push(
        `${relative}: "${target}" leaves the module; use its door, #modules/<name> or #platform/<file>`,
      );
    }
  }
  return faults;
}

/** The demonstration and its simulators are loaded on demand, and only by the program that was told `--demo`. */
function demoFaults(relative: string, source: string): string[] {
  if (relative.startsWith(`demo${path.sep}`) || !/from '[^']*\/demo\//.test(source)) return [];
  return [`${relative}: imports the demonstration; only \`await import()\` may, and only after --demo`];
}

function moduleOf(relative: string): string | undefined {
  const parts = relative.split(path.sep);
  if (parts[0] === 'platform') return 'platform';
  return parts[0] === 'modules' ? parts[1] : undefined;
}

function resolveAlias(target: string): string {
  if (target === '#config') return path.join('config', 'config.ts');
  const module = /^#modules\/(.+)$/.exec(target)?.[1];
  return module === undefined
    ? `${target.replace('#platform/', 'platform/')}.ts`
    : path.join('modules', module, 'index.ts');
}

/** Every circle of files, named once. */
function cycles(graph: ReadonlyMap<string, ReadonlySet<string>>): string[] {
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
