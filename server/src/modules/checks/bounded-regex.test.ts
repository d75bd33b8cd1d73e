import { expect, test } from 'vitest';
import { matches, refusedPattern, regexTextLengthMax } from './bounded-regex.ts';

test.each(['^ok$', 'status: (up|degraded)', '[a-z]+@[a-z]+', '(?:v\\d+)?', '"healthy":\\s*true', '(a|b)'])(
  'the plain pattern %s is accepted',
  (pattern) => expect(refusedPattern(pattern)).toBeUndefined(),
);

test.each([
  '(a+)+$',
  '(a|aa)+$',
  '((a)*)*',
  '(.*a){10}',
  '(?:x+x+)+y',
  '(a)\\1',
  '(?<n>a)\\k<n>',
  '(',
  'a'.repeat(201),
])('the pattern %s is refused before it is ever tried', (pattern) =>
  expect(refusedPattern(pattern)).toMatch(/\w/),
);

test('a pattern that takes too long is given up instead of holding everything else', () => {
  const started = performance.now();
  expect(matches('.*.*.*.*.*b$', 'a'.repeat(regexTextLengthMax))).toBeNull();
  expect(performance.now() - started).toBeLessThan(500);
  expect(matches('o.', 'ok')).toBe(true);
});

test('only the bounded head of a text is looked at', () => {
  expect(matches('b', `${'a'.repeat(regexTextLengthMax)}b`)).toBe(false);
});
