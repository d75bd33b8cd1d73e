import { expect, test } from 'vitest';
import { en } from './en';
import { rooms } from './en/rooms';

/** All sources as text, by their path from here. */
const sources: Record<string, string> = import.meta.glob(['../**/*.{ts,tsx}', '!../**/*.test.{ts,tsx}'], {
  eager: true,
  query: '?raw',
  import: 'default',
});

function resolve(from: string, target: string): string | undefined {
  const url = new URL(target, `file:///src/messages/${from}`).pathname.replace('/src/', '../');
  const path = url.replace('../messages/', './');
  return [`${path}.ts`, `${path}.tsx`, `${path}/index.ts`].find((candidate) => candidate in sources);
}

const staticImport = /^(?:import|export)\s+(?!type\b)[^'";]*?(?:from\s*)?'(\.[^']+)'/gm;
const bareDynamicImport = /(?<!withRoomWords\()\(\) => import\('(\.[^']+)'\)/g;

/** All its pages wait for the words of the rooms, through the function that lists them. */
const waitingPages = '../shell/pages.tsx';

/** Code that runs before the words of the rooms are loaded: the imports of main, and the pages that do not wait. */
function reached(): Set<string> {
  const seen = new Set<string>();
  const waiting = ['../main.tsx'];
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    if (seen.has(file) || file.startsWith('./')) continue;
    seen.add(file);
    const text = sources[file] ?? '';
    const patterns = file === waitingPages ? [staticImport] : [staticImport, bareDynamicImport];
    for (const pattern of patterns)
      for (const [, target = ''] of text.matchAll(pattern)) {
        const next = resolve(file, target);
        if (next !== undefined) waiting.push(next);
      }
  }
  return seen;
}

test('code of the start uses no words of rooms, which are loaded later', () => {
  const files = reached();
  expect(files).toContain('../modules/overview/overview-page.tsx');
  expect(files).toContain('../modules/identity/sign-in-page.tsx');
  expect(files).not.toContain('../modules/checks/checks-page.tsx');
  const early = [...files].flatMap((file) =>
    [...(sources[file] ?? '').matchAll(/(?<![\w.])t\.(\w+)/g)]
      .map(([, key = '']) => key)
      .filter((key) => key in rooms)
      .map((key) => `${file}: t.${key}`),
  );
  expect(early).toEqual([]);
});

test('no word of a room hides a word of the start', () => {
  expect(Object.keys(rooms).filter((key) => key in en)).toEqual([]);
});
