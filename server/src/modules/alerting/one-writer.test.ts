import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';

const modules = path.resolve(import.meta.dirname, '..');
const sources = globSync('**/*.ts', { cwd: modules })
  .filter((file) => !file.endsWith('.test.ts') && !file.endsWith('.fixture.ts'))
  .map((file) => ({ file, text: readFileSync(path.join(modules, file), 'utf8') }));

test('alerts are written in one file, and only transition.ts calls it', () => {
  const writes = /(insert into|update|delete from) (alerts|alert_transitions)\b/;
  // An outbox is written by the platform, under the name of the table that it is given.
  const hasWritten = /defineOutbox\b[^;]*\btable: '(alerts|alert_transitions)'/;
  const writers = sources
    .filter(({ text }) => writes.test(text) || hasWritten.test(text))
    .map(({ file }) => file);
  // Of the others one is retention, which deletes what was resolved long ago, one notes which transitions were told.
  expect(writers.sort()).toEqual([
    'alerting/alert-outbox.ts',
    'alerting/alert-store.ts',
    'alerting/detection/detection-store.ts',
  ]);
  const callers = sources
    .filter(({ text }) => /from '\.{1,2}\/alert-store\.ts'/.test(text))
    .map(({ file }) => file);
  expect(callers).toEqual(['alerting/transition.ts']);
});
