import { describe, expect, it } from 'vitest';
import { rangeFrom, resolutionFor, searchBetween, searchOfSpan } from './range';

describe('rangeFrom', () => {
  it('is the last hour unless the address says otherwise', () => {
    expect(rangeFrom({})).toEqual({ span: '1h', hours: 1, until: undefined });
    expect(rangeFrom({ range: '7d' })).toEqual({ span: '7d', hours: 168, until: undefined });
    expect(rangeFrom({ range: 'forever' }).span).toBe('1h');
  });

  it('takes two instants, and nothing that is not an interval', () => {
    const search = { from: '2026-11-21T18:00:00Z', to: '2026-11-21T20:00:00Z' };
    expect(rangeFrom(search)).toEqual({ span: undefined, hours: 2, until: '2026-11-21T20:00:00.000Z' });
    expect(rangeFrom({ from: search.to, to: search.from }).span).toBe('1h');
    expect(rangeFrom({ from: 'noon', to: search.to }).span).toBe('1h');
    expect(rangeFrom({ from: '1999-01-01', to: search.to }).span).toBe('1h');
  });
});

it('a zoom is at least a minute long and reads back as itself', () => {
  const at = Date.parse('2026-11-21T18:00:00Z');
  expect(searchBetween(at, at + 1_500)).toEqual({ from: '2026-11-21T18:00:00Z', to: '2026-11-21T18:01:00Z' });
  expect(rangeFrom(searchBetween(at, at + 7_200_000)).hours).toBe(2);
  expect(searchOfSpan('1h')).toEqual({});
});

it('requests as many points as a screen shows', () => {
  expect([1, 24, 7 * 24, 90 * 24, 300 * 24].map(resolutionFor)).toEqual([undefined, '5m', '5m', '1h', '1d']);
});
