import { expect, test } from 'vitest';
import { circlesIn, type Graph } from './imports.ts';
import { webFaults } from './web-boundaries.ts';

const modules = {
  telemetry: { floor: 1, door: ['queries'] },
  checks: { floor: 2, door: [] },
};

/** One import, and one that uses the door of telemetry correctly. */
function faultsOf(file: string, target: string): string[] {
  const graph = new Map<string, Set<string>>([
    ['modules/checks/checks-page.tsx', new Set(['modules/telemetry/queries.ts'])],
  ]);
  graph.set(file, new Set([...(graph.get(file) ?? []), target]));
  return webFaults(graph, modules);
}

test('a module of the console may import a lower one through a file of its door', () => {
  expect(faultsOf('modules/checks/check-page.tsx', 'modules/telemetry/queries.ts')).toEqual([]);
  expect(faultsOf('modules/checks/check-page.tsx', 'modules/telemetry/series.ts')).toEqual([
    expect.stringContaining('modules/telemetry/series.ts is not in the door of telemetry'),
  ]);
});

test('a module of the console may import none on its own floor or above', () => {
  expect(faultsOf('modules/telemetry/device.ts', 'modules/checks/queries.ts')).toEqual(
    expect.arrayContaining([expect.stringContaining('modules/checks/queries.ts (floor 2) from floor 1')]),
  );
});

test('code that all modules share may import no module, and nothing above itself', () => {
  expect(faultsOf('ui/button.tsx', 'modules/telemetry/queries.ts')).toEqual([
    expect.stringContaining('only the shell and other modules may'),
  ]);
  expect(faultsOf('ui/button.tsx', 'app/session.tsx')).toEqual([
    expect.stringContaining('app/session.tsx, which is not on a floor below'),
  ]);
  expect(faultsOf('modules/checks/check-page.tsx', 'shell/router.tsx')).toEqual([
    expect.stringContaining('shell/router.tsx, which is not on a floor below'),
  ]);
});

test('the shell may load pages and import doors', () => {
  expect(faultsOf('shell/pages.tsx', 'modules/checks/checks-page.tsx')).toEqual([]);
  expect(faultsOf('shell/shell.tsx', 'modules/telemetry/queries.ts')).toEqual([]);
  expect(faultsOf('shell/shell.tsx', 'modules/checks/queries.ts')).toEqual([
    expect.stringContaining('not in the door of checks'),
  ]);
});

test('a door that nothing imports is a fault, and so is a module without a floor', () => {
  expect(webFaults(new Map(), modules)).toEqual([expect.stringContaining('nobody comes to "queries"')]);
  expect(faultsOf('modules/weather/page.ts', 'lib/time.ts')).toEqual([
    expect.stringContaining('module "weather" has no floor'),
  ]);
});

test('a circle of imports between files is found, also through types', () => {
  const graph: Graph = new Map([
    ['a.ts', new Set(['b.ts'])],
    ['b.ts', new Set(['c.ts'])],
    ['c.ts', new Set(['a.ts'])],
  ]);
  expect(circlesIn(graph)).toEqual(['circle: a.ts -> b.ts -> c.ts -> a.ts']);
});
