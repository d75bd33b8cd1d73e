import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { sourceFiles } from './files.ts';
import { checkLiveTopics } from './live-topics.ts';
import { resolveImport } from './resolve-import.ts';

/** Needed only by HTTP, or rarely. A pass from cron runs every minute and must not load it. */
const lateLibraries = [
  'fastify',
  '@fastify/',
  '@scalar/',
  'ajv',
  'fast-json-stringify',
  'better-auth',
  'jose',
  'rate-limiter-flexible',
  'nodemailer',
  'undici',
  'yaml',
];

/** A module's `Module` lists everything it brings, and the composition root only lists modules. */
export async function checkContributions(root: string): Promise<string[]> {
  const source = path.join(root, 'server', 'src');
  const app = path.join(source, 'app.ts');
  const faults = namedInApp(await readFile(app, 'utf8')).map((name) => `server/src/app.ts: ${name}`);
  for (const file of await sourceFiles(source))
    for (const name of heldByContext(await readFile(file, 'utf8')))
      faults.push(
        `${path.relative(root, file)}: "${name}" is a map from ctx; hold it in ctx.parts (platform/parts.ts)`,
      );
  const { modules } = await import('../../server/src/app.ts');
  return [...faults, ...(await checkLiveTopics(root, modules)), ...(await lateFaults(root, app))];
}

/** Names of modules that app.ts uses anywhere but in its list. */
export function namedInApp(source: string): string[] {
  const list = /const modules[^=]*= \[(.*?)\];/s.exec(source)?.[1] ?? '';
  const faults: string[] = [];
  for (const [, names = '', module] of source.matchAll(/import \{([^}]*)\} from '#modules\/([\w-]+)'/g)) {
    for (const name of names.split(',').map((one) => one.trim())) {
      const uses = source.match(new RegExp(`\\b${name}\\b`, 'g'))?.length ?? 0;
      const listed = new RegExp(`\\b${name}\\b`).test(list);
      if (!listed || uses !== 2)
        faults.push(`"${name}" of ${module} stands outside the list of modules; make it a slot of Module`);
    }
  }
  return faults;
}

/** Maps of a file that are read with `ctx`: hidden singletons. */
export function heldByContext(source: string): string[] {
  const maps = [...source.matchAll(/const (\w+) = new (?:Weak)?Map\b(<Ctx\b)?/g)];
  return maps
    .filter(([, name, byType]) => byType !== undefined || usedWithContext(source, name ?? ''))
    .map(([, name = '']) => name);
}

function usedWithContext(source: string, name: string): boolean {
  return new RegExp(`\\b${name}\\.(?:get|set|has)\\(ctx\\b`).test(source);
}

const importPattern =
  /(?:^|\n)\s*(?:import|export)\s([^'"`;]*?)\sfrom\s*['"]([^'"]+)['"]|(?:^|\n)import\s*['"]([^'"]+)['"]/g;

/** Imports that are loaded at once at run time: neither types nor `import()`. */
export function valueImportsOf(source: string): string[] {
  return [...source.matchAll(importPattern)]
    .filter(([, what = '']) => !isOnlyTypes(what))
    .map((match) => match[2] ?? match[3] ?? '');
}

function isOnlyTypes(what: string): boolean {
  if (/^type\s/.test(what)) return true;
  const names = /^\{([^}]*)\}$/s.exec(what.trim())?.[1];
  const each = names?.split(',').filter((name) => name.trim() !== '');
  return each !== undefined && each.length > 0 && each.every((name) => /^\s*type\s/.test(name));
}

/** Follows the files that app.ts loads at once, and reports the path to each library that should be loaded later. */
async function lateFaults(root: string, app: string): Promise<string[]> {
  const faults: string[] = [];
  const seen = new Set<string>([app]);
  const queue: { file: string; way: readonly string[] }[] = [{ file: app, way: [] }];
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    const way = [...next.way, path.relative(path.join(root, 'server', 'src'), next.file)];
    for (const target of valueImportsOf(await readFile(next.file, 'utf8'))) {
      const late = lateLibraries.some((name) => target === name || target.startsWith(withSlash(name)));
      if (late)
        faults.push(
          `"${target}" is loaded at once by ${way.join(' -> ')}; only import() may, where it is used`,
        );
      const file = resolveImport(root, next.file, target);
      if (file === undefined || seen.has(file)) continue;
      if (isRoutes(file))
        faults.push(`"${target}" is loaded at once by ${way.join(' -> ')}; routes come with http.ts`);
      seen.add(file);
      queue.push({ file, way });
    }
  }
  return faults;
}

/** Files that only answer requests. */
function isRoutes(file: string): boolean {
  return /(?:^|[-/\\])routes\.ts$/.test(file) || /[/\\]modules[/\\][^/\\]+[/\\]http\.ts$/.test(file);
}

function withSlash(name: string): string {
  return name.endsWith('/') ? name : `${name}/`;
}
