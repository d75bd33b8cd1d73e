import { expect, test } from 'vitest';
import type { Ctx } from '#platform/context';
import { withinDeadline } from '#platform/outbound/signal';
import { asWarnings, checkDeadlines, checkSections } from './checks.ts';

test('work that does not end at its deadline is a warning of this process that names it', async () => {
  const caller = new AbortController().signal;
  const hangs = () => new Promise<never>(() => undefined);
  await withinDeadline('a reading without an end', { caller, timeoutMs: 1 }, hangs).catch(() => undefined);
  expect(checkDeadlines(performance.now() + 60_000)).toMatchObject({
    status: 'warn',
    output: expect.stringContaining('1 of "a reading without an end"'),
  });
});

test('a module whose health query gets no answer is reported so, beside the others, and readiness only warns', async () => {
  // Safe because these sections do not use it.
  const ctx = {} as Ctx;
  const checks = await checkSections(ctx, [
    { name: 'own:late', look: async () => ({ status: 'fail', output: 'It is late.' }) },
    { name: 'own:gone', look: () => Promise.reject(new Error('connection refused')) },
    { name: 'own:good', look: async () => ({ status: 'pass' }) },
  ]);
  expect(checks).toEqual({
    'own:late': { status: 'fail', output: 'It is late.' },
    'own:gone': { status: 'fail', output: 'The database does not answer.' },
    'own:good': { status: 'pass' },
  });
  expect(Object.values(asWarnings(checks)).map(({ status }) => status)).toEqual(['warn', 'warn', 'pass']);
});
