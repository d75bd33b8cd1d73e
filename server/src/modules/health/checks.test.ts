import { expect, test } from 'vitest';
import { withinDeadline } from '#platform/outbound/signal';
import { checkDeadlines } from './checks.ts';

test('work that does not end at its deadline is a warning of this process, with its name', async () => {
  const caller = new AbortController().signal;
  const hangs = () => new Promise<never>(() => undefined);
  await withinDeadline('a reading without an end', { caller, timeoutMs: 1 }, hangs).catch(() => undefined);
  expect(checkDeadlines(performance.now() + 60_000)).toMatchObject({
    status: 'warn',
    output: expect.stringContaining('1 of "a reading without an end"'),
  });
});
