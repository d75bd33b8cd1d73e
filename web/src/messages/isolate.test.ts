import { expect, test } from 'vitest';
import { isolate, isolating } from './isolate';

test('names in Latin letters stay as they are', () => {
  expect(isolate('Bay 4 PC · Größe')).toBe('Bay 4 PC · Größe');
});

test('a name from right to left keeps to itself inside a sentence', () => {
  const words = isolating({
    deep: { saved: (name: string, n: number) => `${name} is saved ${n} times.` },
    plain: 'x',
  });
  expect(words.deep.saved('مقهى 4', 2)).toBe('\u2068مقهى 4\u2069 is saved 2 times.');
  expect(words.plain).toBe('x');
});

test('no mark in a name turns the sentence around, or ends its isolation', () => {
  expect(isolate('Bay \u202e4 PC\u2069')).toBe('\u2068Bay 4 PC\u2069');
});
