import { expect, test } from 'vitest';
import { inner } from './base';

test('a path of the browser becomes ours without the base path', () => {
  expect(inner('/watch/o/acme', '/watch')).toBe('/o/acme');
  expect(inner('/watch', '/watch')).toBe('/');
  expect(inner('/watchtower/o', '/watch')).toBe('/watchtower/o');
  expect(inner('/o/acme', '')).toBe('/o/acme');
});
