import { describe, expect, test } from 'vitest';
import { filtersOf, toQuery } from './filters';

describe('the filters of the audit log', () => {
  test('are read from the address', () => {
    expect(filtersOf({ who: 'dana', what: '', to: '2026-11-02', other: 'x' })).toEqual({
      who: 'dana',
      to: '2026-11-02',
    });
  });

  test('reach from the start of the first day to the end of the last', () => {
    const { since, until, ...rest } = toQuery({ who: 'dana', from: '2026-03-29', to: '2026-03-29' });
    expect(rest).toEqual({ actor: 'dana' });
    expect(new Date(since ?? '').toLocaleString('sv')).toBe('2026-03-29 00:00:00');
    expect(new Date(until ?? '').toLocaleString('sv')).toBe('2026-03-30 00:00:00');
  });

  test('ignore a day that does not exist', () => {
    expect(toQuery({ from: 'yesterday', target: 'bay-1' })).toEqual({ target: 'bay-1' });
  });
});
