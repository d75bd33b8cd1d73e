import { expect, test } from 'vitest';
import { createKeyReader } from './key-reader';

const commands = [{ keys: 'a' }, { keys: 'g s' }, { keys: 'g a' }];

function type(...strokes: [key: string, at: number][]): string[] {
  const read = createKeyReader();
  return strokes.map(([key, at]) => read(key, at, commands)?.keys ?? '');
}

test('a single key runs its command at once', () => {
  expect(type(['a', 0])).toEqual(['a']);
});

test('two keys in a row run the command of the pair, not that of the second key', () => {
  expect(type(['g', 0], ['a', 300])).toEqual(['', 'g a']);
});

test('a pair that takes too long is two single keys', () => {
  expect(type(['g', 0], ['a', 5_000])).toEqual(['', 'a']);
});

test('a wrong second key forgets the first', () => {
  expect(type(['g', 0], ['x', 100], ['s', 200])).toEqual(['', '', '']);
});

test('after a pair, reading starts again', () => {
  expect(type(['g', 0], ['s', 100], ['s', 200])).toEqual(['', 'g s', '']);
});
