import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';

const modules = path.resolve(import.meta.dirname, '..');
const sources = globSync('**/*.ts', { cwd: modules })
  .filter((file) => !file.endsWith('.test.ts') && !file.endsWith('.fixture.ts'))
  .map((file) => ({ file, text: readFileSync(path.join(modules, file), 'utf8') }));

test('only one file writes alerts, and only transition.ts calls it', () => {
  const writes = /(insert into|update|delete from) (alerts|alert_transitions)\b/;
  // The platform writes an outbox; the module passes the name of its table.
  const hasWritten = /defineOutbox\b[^;]*\btable: '(alerts|alert_transitions)'/;
  const writers = sources
    .filter(({ text }) => writes.test(text) || hasWritten.test(text))
    .map(({ file }) => file);
  // The other writers: retention deletes alerts resolved long ago, and one file marks transitions as planned.
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
