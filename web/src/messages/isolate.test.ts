import { expect, test } from 'vitest';
import { isolate, isolating } from './isolate';

test('names in Latin letters are unchanged', () => {
  expect(isolate('Bay 4 PC · Größe')).toBe('Bay 4 PC · Größe');
});

test('a name from right to left is isolated inside a sentence', () => {
  const words = isolating({
    deep: { saved: (name: string, n: number) => `${name} is saved ${n} times.` },
    plain: 'x',
  });
  expect(words.deep.saved('مقهى 4', 2)).toBe('\u2068مقهى 4\u2069 is saved 2 times.');
  expect(words.plain).toBe('x');
});

test('no mark in a name changes the direction of the sentence, or ends the isolation', () => {
  expect(isolate('Bay \u202e4 PC\u2069')).toBe('\u2068Bay 4 PC\u2069');
});
