import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { sourceFiles } from './files.ts';
import { circlesIn, graphOf, importsOf } from './imports.ts';
import { checkWebBoundaries } from './web-boundaries.ts';

/** The floors of docs/architecture.md: a module imports only from floors below its own, and only at their doors. */
export const floors: Readonly<Record<string, number>> = {
  platform: 0,
  identity: 1,
  inventory: 2,
  delivery: 2,
  sources: 2,
  contacts: 3,
  oncall: 3,
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
  workflows: 8,
  interop: 8,
  health: 8,
  operations: 8,
  console: 8,
};

export async function checkBoundaries(root: string): Promise<string[]> {
  const faults: string[] = [];
  const folder = path.join(root, 'server', 'src');
  for (const file of await sourceFiles(folder)) {
    const relative = path.relative(folder, file);
    const source = await readFile(file, 'utf8');
    faults.push(...moduleFaults(relative, importsOf(source)), ...demoFaults(relative, source));
  }
  const [server, bench] = [await graphOf(folder, fileOfAlias), await graphOf(path.join(root, 'bench'))];
  return [
    ...faults,
    ...circlesIn(server),
    ...circlesIn(bench),
    ...(await checkWebBoundaries(root)),
    ...(await schemaFaults(root)),
  ];
}

const contractImport = /import (?!type )\{([^}]*)\} from '(@watchkeeper\/contracts[^']*)'/g;

/** Vocabulary and plain functions over it, without schemas. */
const withoutSchemas = ['vocabulary', 'attention', 'figures', 'password-rules'].map(
  (name) => `@watchkeeper/contracts/${name}`,
);

/**
 * The console imports only types and the vocabulary. Anything else would bring the whole schema library into the
 * browser.
 */
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

/** The demonstration and its simulators are loaded on demand, and only with `--demo`. */
function demoFaults(relative: string, source: string): string[] {
  if (relative.startsWith(`demo${path.sep}`) || !/from '[^']*\/demo\//.test(source)) return [];
  return [`${relative}: imports the demonstration; only \`await import()\` may, and only after --demo`];
}

function moduleOf(relative: string): string | undefined {
  const parts = relative.split(path.sep);
  if (parts[0] === 'platform') return 'platform';
  return parts[0] === 'modules' ? parts[1] : undefined;
}

function fileOfAlias(target: string): string | undefined {
  if (target === '#config') return 'config/config.ts';
  const module = /^#modules\/(.+)$/.exec(target)?.[1];
  if (module !== undefined) return `modules/${module}/index.ts`;
  const platform = /^#platform\/(.+)$/.exec(target)?.[1];
  return platform === undefined ? undefined : `platform/${platform}.ts`;
}
