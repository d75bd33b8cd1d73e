import { expect, test } from 'vitest';
import { createLogger } from './log.ts';

function lineOf(error: Error): { err: Record<string, unknown> } {
  let line = '';
  const log = createLogger({
    level: 'warn',
    stream: {
      write(text) {
        line += text;
      },
    },
  });
  log.warn({ err: error }, 'it broke');
  return JSON.parse(line);
}

test('an error logs its type, message, code and causes, but no other properties', () => {
  const lost = Object.assign(new Error('terminating connection', { cause: new Error('cable') }), {
    code: '57P01',
    client: { secretKey: 4711, parsedStatements: { a: 'select 1' } },
  });
  const { err } = lineOf(lost);
  expect(err).toMatchObject({ type: 'Error', message: 'terminating connection: cable', code: '57P01' });
  expect(err.stack).toContain('caused by: Error: cable');
  expect(JSON.stringify(err)).not.toMatch(/4711|select 1/);
});

test('the errors of an AggregateError are each logged, without their other properties', () => {
  const parts = [new Error('first'), Object.assign(new Error('second'), { socket: { key: 'hidden' } })];
  const { err } = lineOf(new AggregateError(parts, 'two parts failed'));
  expect(err.aggregateErrors).toMatchObject([{ message: 'first' }, { message: 'second' }]);
  expect(JSON.stringify(err)).not.toContain('hidden');
});
