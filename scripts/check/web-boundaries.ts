import path from 'node:path';
import { circlesIn, type Graph, graphOf } from './imports.ts';

/** The console: a file imports only from its own folder and from folders on floors below. */
const folders: Readonly<Record<string, number>> = {
  'base.ts': 0,
  lib: 1,
  'paths.ts': 1,
  messages: 2,
  ui: 2,
  api: 3,
  app: 4,
  modules: 5,
  gallery: 5,
  shell: 6,
  'main.tsx': 7,
};

interface WebModule {
  readonly floor: number;
  /**
   * The files that higher floors and the shell may import. They are separate files, because a page is loaded with
   * everything that its imports load.
   */
  readonly door: readonly string[];
}

/** A module imports only from modules on floors below its own, and only the files of their doors. */
export const webModules: Readonly<Record<string, WebModule>> = {
  identity: {
    floor: 1,
    door: ['my-invitations', 'new-password-field', 'password-field', 'queries', 'session-actions'],
  },
  telemetry: {
    floor: 1,
    door: [
      'charts-panel',
      'figures',
      'heartbeats-panel',
      'queries',
      'range',
      'range-bar',
      'series',
      'sources-panel',
      'timeline-panel',
      'use-zone',
    ],
  },
  alerting: {
    floor: 2,
    door: ['alert-cards', 'queries', 'sentence', 'shape', 'signal', 'transition-tone', 'weight'],
  },
  maintenance: { floor: 2, door: ['running-maintenance'] },
  rules: { floor: 3, door: ['channel-words', 'queries', 'rule-words'] },
  channels: { floor: 4, door: ['nobody-hears'] },
  checks: { floor: 4, door: ['run-panel'] },
  sources: { floor: 5, door: [] },
  overview: { floor: 5, door: ['site-health'] },
  notifications: { floor: 5, door: [] },
  inventory: { floor: 6, door: [] },
  settings: { floor: 6, door: ['form-error', 'use-write'] },
  system: { floor: 7, door: [] },
};

export async function checkWebBoundaries(root: string): Promise<string[]> {
  const graph = await graphOf(path.join(root, 'web', 'src'));
  return webFaults(graph, webModules);
}

export function webFaults(graph: Graph, modules: Readonly<Record<string, WebModule>>): string[] {
  const used = new Set<string>();
  const faults: string[] = [];
  for (const [file, targets] of graph) {
    const home = moduleOf(file);
    if (home !== undefined && modules[home] === undefined)
      faults.push(`${file}: module "${home}" has no floor in scripts/check/web-boundaries.ts`);
    for (const target of targets) {
      const other = moduleOf(target);
      if (other === undefined || other === home) {
        if (floorOf(target) >= floorOf(file) && folderOf(target) !== folderOf(file))
          faults.push(`${file}: imports ${target}, which is not on a floor below`);
        continue;
      }
      if (home === undefined && folderOf(file) !== 'shell')
        faults.push(`${file}: imports ${target}; only the shell and other modules may`);
      if (home === undefined && isPage(target)) continue;
      used.add(`${other}/${nameIn(target)}`);
      faults.push(...doorFaults(file, home, other, target, modules));
    }
  }
  const unused = Object.entries(modules).flatMap(([name, { door }]) =>
    door
      .filter((entry) => !used.has(`${name}/${entry}`))
      .map(
        (entry) => `scripts/check/web-boundaries.ts: nobody comes to "${entry}" of ${name}; close that door`,
      ),
  );
  return [...faults, ...unused, ...circlesIn(graph)].map((fault) =>
    fault.startsWith('scripts/') ? fault : `web/src: ${fault}`,
  );
}

function doorFaults(
  file: string,
  home: string | undefined,
  other: string,
  target: string,
  modules: Readonly<Record<string, WebModule>>,
): string[] {
  const [from, to] = [home === undefined ? undefined : modules[home]?.floor, modules[other]];
  if (from !== undefined && to !== undefined && to.floor >= from)
    return [`${file}: imports ${target} (floor ${to.floor}) from floor ${from}`];
  return to?.door.includes(nameIn(target)) === false
    ? [`${file}: ${target} is not in the door of ${other} (scripts/check/web-boundaries.ts)`]
    : [];
}

function folderOf(file: string): string {
  return file.split('/')[0] ?? '';
}

/** A folder without a floor counts as above all others, so every import of it is reported. */
function floorOf(file: string): number {
  return folders[folderOf(file)] ?? Number.POSITIVE_INFINITY;
}

function moduleOf(file: string): string | undefined {
  return file.startsWith('modules/') ? file.split('/')[1] : undefined;
}

/** Its path within its module, without the file ending. */
function nameIn(file: string): string {
  return file
    .split('/')
    .slice(2)
    .join('/')
    .replace(/\.tsx?$/, '');
}

/** The shell loads pages by their address. */
function isPage(file: string): boolean {
  return /-page\.tsx$/.test(file);
}
