import { describe, expect, it } from 'vitest';
import { durationSeconds } from './duration.ts';

describe('durationSeconds', () => {
  it.each([
    [30, 30],
    ['30', 30],
    ['1.5s', 1.5],
    ['250ms', 0.25],
    ['5m', 300],
    ['2h', 7200],
    ['1d', 86_400],
  ])('reads %s as %d seconds', (text, seconds) => {
    expect(durationSeconds(text)).toBe(seconds);
  });

  it('refuses text that is not a duration', () => {
    expect(() => durationSeconds('soon')).toThrow('"soon" is not a duration.');
    expect(() => durationSeconds('5 parsecs')).toThrow(RangeError);
  });
});
