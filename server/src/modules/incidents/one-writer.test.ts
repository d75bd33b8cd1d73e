import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';

const modules = path.resolve(import.meta.dirname, '..');
const sources = globSync('**/*.ts', { cwd: modules })
  .filter((file) => !file.endsWith('.test.ts') && !file.endsWith('.fixture.ts'))
  .map((file) => ({ file, text: readFileSync(path.join(modules, file), 'utf8') }));

test('only one file changes incidents: transition.ts calls the stores that write them', () => {
  const tables = 'incidents|incident_alerts|incident_transitions|incident_numbers';
  const writes = new RegExp(`(insert into|update|delete from) (${tables})\\b`);
  const hasWritten = new RegExp(`defineOutbox\\b[^)]*\\btable: '(${tables})'`);
  const writers = sources
    .filter(({ text }) => writes.test(text) || hasWritten.test(text))
    .map(({ file }) => file);
  expect(writers.sort()).toEqual([
    'incidents/incident-store.ts',
    'incidents/membership-store.ts',
    'incidents/outbox.ts',
    'incidents/timeline-store.ts',
  ]);
  const callers = (store: string) =>
    sources
      .filter(({ file, text }) => file.startsWith('incidents/') && text.includes(`from './${store}.ts'`))
      .map(({ file }) => file);
  expect(callers('membership-store')).toEqual(['incidents/transition.ts']);
  expect(callers('timeline-store')).toEqual(['incidents/transition.ts']);
});
