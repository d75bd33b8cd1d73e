import { expect, test } from 'vitest';
import { isFiltered, ledgerFilterOf, sinceOf } from './ledger-filter';

test('the filters are read from the address; unknown words are ignored', () => {
  const asked = { status: 'failed', channel: 'c1', alert: 'a1', since: '7d' };
  expect(ledgerFilterOf(asked)).toEqual(asked);
  expect(isFiltered(ledgerFilterOf(asked))).toBe(true);
  expect(isFiltered(ledgerFilterOf({ status: 'lost', since: '9 weeks', alert: '' }))).toBe(false);
});

test('a span begins at a whole hour, so that the query stays the same for a while', () => {
  const now = Date.parse('2026-11-21T18:42:14Z');
  expect(sinceOf('24h', now)).toBe('2026-11-20T18:00:00.000Z');
  expect(sinceOf('24h', now + 60_000)).toBe(sinceOf('24h', now));
  expect(sinceOf(undefined, now)).toBeUndefined();
});
