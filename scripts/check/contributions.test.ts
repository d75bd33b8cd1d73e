import { expect, test } from 'vitest';
import { heldByContext, namedInApp, valueImportsOf } from './contributions.ts';

const app = (more = '') => `import { checksModule } from '#modules/checks';
export const modules: readonly Module[] = [
  checksModule,
];
${more}`;

test('app.ts may name a module only in its list', () => {
  expect(namedInApp(app())).toEqual([]);
  expect(namedInApp(app('checksModule.start(ctx);'))).toEqual([expect.stringContaining('"checksModule"')]);
  expect(namedInApp(app().replace('checksModule }', 'checksModule, runDueChecks }'))).toEqual([
    expect.stringContaining('"runDueChecks" of checks'),
  ]);
});

test('a map from ctx is found by its type or by its use; a cache by schema is not one', () => {
  expect(heldByContext('const engines = new WeakMap<Ctx, Engine>();')).toEqual(['engines']);
  expect(heldByContext('const own = new WeakMap<object, Own>();\nown.set(ctx, made);')).toEqual(['own']);
  expect(heldByContext('const own = new Map<object, Own>();\nown.get(ctx.db);')).toEqual(['own']);
  expect(heldByContext('const seen = new WeakMap<object, V>();\nseen.get(kind.schema);')).toEqual([]);
});

test('imports of types and import() load nothing at once', () => {
  const source = `import type { A } from 'a';
import { type B, type C } from 'b';
import { type D, e } from 'd';
export { f } from 'f';
export type { G } from 'g';
import 'h';
const later = () => import('i');`;
  expect(valueImportsOf(source)).toEqual(['d', 'f', 'h']);
});
