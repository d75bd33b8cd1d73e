import { readFileSync } from 'node:fs';
import { consolePages } from '@watchkeeper/contracts/console-pages';
import { expect, test } from 'vitest';

/** Read as text, not loaded: the routes need a browser. */
const routes = ['router.tsx', 'pages.tsx']
  .map((file) => readFileSync(new URL(file, import.meta.url), 'utf8'))
  .join('\n');

test('every address of the console begins as the server expects, which would otherwise answer 404 for the page', () => {
  const below =
    /getParentRoute: \(\) => (?:rootRoute|session), path: '([^']*)'|getParentRoute: \(\) => (?:rootRoute|session),\n\s+path: '([^']*)'/g;
  const found = [...routes.matchAll(below)].map((match) => match[1] ?? match[2] ?? '');
  // The page of an alert without its organization also needs the session, like the pages of an organization.
  const outside = [...routes.matchAll(/export const \w+ = page\(\n\s+'([^']*)'/g)].map(
    (match) => match[1] ?? '',
  );
  const beginnings = [...found, ...outside].map((path) => path.split('/', 2)[1] ?? '');
  expect([...new Set(beginnings)].sort()).toEqual([...consolePages].sort());
});
