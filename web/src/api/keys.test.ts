import { expect, test } from 'vitest';
import { keys, resourcesOf } from './keys';

test('a changed alert refreshes the queries that show alerts, and none of the inventory', () => {
  expect(resourcesOf('alert')).toEqual(['overview', 'alerts', 'alert', 'notifications']);
});

test('an unknown topic, as after a gap in the stream, refreshes everything', () => {
  expect(resourcesOf('resync')).toBe('all');
  expect(resourcesOf('something_new')).toBe('all');
});

test('the resource is where the live refresh looks for it', () => {
  expect(keys.of('acme', 'states', { site: 'x' })[2]).toBe('states');
  expect(keys.of('acme', 'overview').slice(0, 2)).toEqual(keys.org('acme'));
});
