import { describe, expect, test } from 'vitest';
import { filterOf, filterOfView, isNarrowed, isSameFilter, searchOf, viewOf, widened } from './inbox-filter';

describe('the filters of the inbox', () => {
  test('are read from the address; unknown words are ignored', () => {
    expect(filterOf({ show: 'resolved', severity: 'high', q: ' bay 4 ', site: '' })).toEqual({
      show: 'resolved',
      severity: 'high',
      type: undefined,
      site: undefined,
      q: 'bay 4',
    });
    expect(filterOf({ show: 'everything', severity: 'huge' })).toEqual(filterOf({}));
  });

  test('are written to the address as they were read, without the default state', () => {
    const search = { show: 'open', severity: 'low', type: 'refund_spike', site: 'dartmouth', q: 'till' };
    expect(searchOf(filterOf(search))).toEqual(search);
    expect(searchOf(filterOf({}))).toEqual({});
  });

  test('count only filters other than the state, and can be cleared without losing the state', () => {
    expect(isNarrowed(filterOf({ show: 'resolved' }))).toBe(false);
    const narrowed = filterOf({ show: 'resolved', q: 'till' });
    expect(isNarrowed(narrowed)).toBe(true);
    expect(isSameFilter(widened(narrowed), filterOf({ show: 'resolved' }))).toBe(true);
  });

  test('survive being saved as a view', () => {
    const filter = filterOf({ severity: 'critical', site: 'perth' });
    expect(viewOf(filter)).toEqual({ status: 'active', severity: 'critical', site: 'perth' });
    expect(isSameFilter(filterOfView(viewOf(filter)), filter)).toBe(true);
    expect(isSameFilter(filterOfView({}), filter)).toBe(false);
  });
});
