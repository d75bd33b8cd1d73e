import { describe, expect, test } from 'vitest';
import { publicPathOf, withoutPublicPath } from './public-path.ts';

test('the sub-path comes from the public address', () => {
  expect(publicPathOf('https://host')).toBe('');
  expect(publicPathOf('https://host/')).toBe('');
  expect(publicPathOf('https://host/watch/')).toBe('/watch');
  expect(publicPathOf('https://host/tools/watch')).toBe('/tools/watch');
  expect(() => publicPathOf('https://host/api/watch')).toThrow('PUBLIC_URL: /api/watch');
});

describe('a request below the sub-path', () => {
  test.each([
    ['/watch', '/'],
    ['/watch?wall', '/?wall'],
    ['/watch/', '/'],
    ['/watch/api/me', '/api/me'],
    ['/watch/assets/a.js?x=1', '/assets/a.js?x=1'],
    ['/api/me', '/api/me'],
    ['/', '/'],
    ['/watchtower', '/watchtower'],
    ['/watch/watch', '/watch'],
  ])('%s arrives as %s', (url, inside) => {
    expect(withoutPublicPath(url, '/watch')).toBe(inside);
    expect(withoutPublicPath(url, '')).toBe(url);
  });
});
