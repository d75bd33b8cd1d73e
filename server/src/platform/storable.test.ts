import { describe, expect, it } from 'vitest';
import { storableText, toJson } from './storable.ts';

const half = '\ud83d';

describe('data of a third party is made storable', () => {
  it.each([
    ['NUL in a text', { a: 'x\0y' }, { a: 'xy' }],
    ['NUL in a key', { 'a\0': 1 }, { a: 1 }],
    ['the six characters that look like NUL stay', { a: String.raw`x\u0000y` }, { a: String.raw`x\u0000y` }],
    ['the same behind backslashes', { a: String.raw`\\u0000"\u0000` }, { a: String.raw`\\u0000"\u0000` }],
    ['half a character', { a: `x${half}` }, { a: 'x\ufffd' }],
    ['a whole character stays', { a: '\u{1f600}' }, { a: '\u{1f600}' }],
    ['numbers that are not finite', { a: Number.NaN, b: Number.POSITIVE_INFINITY }, { a: null, b: null }],
    ['a huge integer', { a: 2n ** 80n }, { a: '1208925819614629174706176' }],
    ['an invalid time', { a: new Date(Number.NaN), n: 1n }, { a: null, n: '1' }],
    ['a year of five digits', { a: new Date(Date.UTC(12_026, 0, 1)) }, { a: null }],
    ['a year before the first', { a: new Date(-1e14) }, { a: null }],
    [
      'a key with special meaning',
      JSON.parse(`{"__proto__":{"a":"\\u0000"}}`),
      JSON.parse('{"__proto__":{"a":""}}'),
    ],
    ['deep inside', [{ a: [`\0${half}`] }], [{ a: ['\ufffd'] }]],
    ['nothing', undefined, null],
  ])('%s', (_what, value, kept) => {
    expect(JSON.parse(toJson(value))).toEqual(kept);
  });

  it('an object that contains itself is cut and never endless', () => {
    const round: Record<string, unknown> = { a: 'x' };
    round.round = round;
    round.again = round;
    expect(JSON.parse(toJson(round))).toMatchObject({ a: 'x', round: { a: 'x' } });
  });

  it('text for a text column is made storable too', () => {
    expect(storableText(`a\0b${half}`)).toBe('ab\ufffd');
  });
});
