import { expect, test } from 'vitest';
import { toSlug } from './slug';

test.each([
  ['Dartmouth', 'dartmouth'],
  ['  Bay 4 PC ', 'bay-4-pc'],
  ['Café Größe', 'cafe-grosse'],
  ['a--b__c', 'a-b-c'],
  ['---', ''],
  ['東京', ''],
])('makes %j into %j', (name, slug) => {
  expect(toSlug(name)).toBe(slug);
});

test('cuts a long name without leaving a hyphen at the end', () => {
  const slug = toSlug(`${'a'.repeat(62)} bcd`);
  expect(slug).toBe('a'.repeat(62));
});
