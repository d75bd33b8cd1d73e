import { describe, expect, test } from 'vitest';
import { filterOf, filterOfView, isNarrowed, isSameFilter, searchOf, viewOf, widened } from './inbox-filter';

describe('the filters of the inbox', () => {
  test('are read from the address; words it does not know are not asked', () => {
    expect(filterOf({ show: 'resolved', severity: 'high', q: ' bay 4 ', site: '' })).toEqual({
      show: 'resolved',
      severity: 'high',
      type: undefined,
      site: undefined,
      q: 'bay 4',
    });
    expect(filterOf({ show: 'everything', severity: 'huge' })).toEqual(filterOf({}));
  });

  test('go back into the address as they came, the usual state without a word', () => {
    const search = { show: 'open', severity: 'low', type: 'refund_spike', site: 'dartmouth', q: 'till' };
    expect(searchOf(filterOf(search))).toEqual(search);
    expect(searchOf(filterOf({}))).toEqual({});
  });

  test('count as narrowing beyond the state, and are cleared without losing it', () => {
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
