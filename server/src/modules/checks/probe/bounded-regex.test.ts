import { expect, test } from 'vitest';
import { matchPattern } from './bounded-regex.ts';
import { compilePattern, refusedPattern } from './regex-syntax.ts';

const mebibyte = 1_048_576;

test.each([
  ['^ok$', 'ok', 'okay'],
  ['status: (up|degraded)', 'status: up', 'status: down'],
  ['(a+)+$', 'aaa', 'b'],
  ['(?:v\\d+)?-(?<name>\\w+)', 'v12-name', '-'],
  ['"healthy":\\s*true', '"healthy": true', '"healthy":false'],
  ['\\u0041[^]z', 'A\nz', 'Az'],
  ['\\p{L}+\\/', 'é/', '1/'],
])('the pattern %s is accepted and means what it says', (pattern, text, other) => {
  expect(refusedPattern(pattern)).toBeUndefined();
  expect(compilePattern(pattern).test(text)).toBe(true);
  expect(compilePattern(pattern).test(other)).toBe(false);
});

test.each<[string, RegExp]>([
  ['(a)\\1', /refer back/],
  ['(?<n>a)\\k<n>', /refer back/],
  ['a(?=b)', /lookahead or lookbehind/],
  ['(?!a)b', /lookahead or lookbehind/],
  ['(?<=a)b', /lookahead or lookbehind/],
  ['(?<!a)b', /lookahead or lookbehind/],
  ['(', /RE2\): missing closing \)/],
  ['[z-a]', /RE2\): invalid character class range/],
  ['a{2000}', /invalid repeat count/],
  ['a'.repeat(201), /200 characters/],
])('the pattern %s is refused with the reason', (pattern, reason) =>
  expect(refusedPattern(pattern)).toMatch(reason),
);

test('text that only looks like a look-around is accepted', () => {
  for (const pattern of ['\\(?=a', '[(?=]', '(?:a)', '(?i)a'])
    expect(refusedPattern(pattern)).toBeUndefined();
});

test('patterns that make other engines run for ever end, on a whole MiB, without blocking the event loop', async () => {
  let turns = 0;
  const turning = setInterval(() => (turns += 1), 1);
  try {
    const text = `${'a'.repeat(mebibyte - 1)}b`;
    expect(await matchPattern('one', '(a+)+$', text)).toBe('no');
    expect(await matchPattern('one', '(.*a){10}b', text)).toBe('yes');
  } finally {
    clearInterval(turning);
  }
  expect(turns).toBeGreaterThan(2);
});

test('a pattern that only an earlier release accepted is reported, not run', async () => {
  expect(await matchPattern('one', 'a(?=b)', 'ab')).toEqual({
    refused: expect.stringContaining('use lookahead'),
  });
  expect(await matchPattern('one', 'ab', 'ab')).toBe('yes');
});

test('a pattern that is still too slow is given up, and others wait for at most one of them', async () => {
  let seed = 1;
  // A text without repetition: no two places look alike to the engine.
  const tossed = Array.from({ length: mebibyte }, () => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    return seed > 1_073_741_824 ? 'a' : 'b';
  }).join('');
  const greedy = '([^\\n]*a.{500}|[^\\n]*b.{490})[qQ]';
  const settled: string[] = [];
  const note = (name: string) => (match: unknown) => settled.push(`${name} ${match}`);
  await Promise.all([
    matchPattern('greedy', greedy, tossed).then(note('greedy')),
    matchPattern('greedy', greedy, tossed).then(note('greedy')),
    matchPattern('other', 'o.', 'ok').then(note('other')),
  ]);
  expect(settled).toEqual(['greedy too_slow', 'other yes', 'greedy too_slow']);
});
