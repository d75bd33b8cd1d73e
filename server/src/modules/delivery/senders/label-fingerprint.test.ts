import { expect, it } from 'vitest';
import { fingerprintOf } from './label-fingerprint.ts';

// The second is a vector of Prometheus' own tests (model/signature_test.go), in hexadecimal.
it.each([
  [{}, 'cbf29ce484222325'],
  [{ name: 'garland, briggs', fear: 'love is not enough' }, 5799056148416392346n.toString(16)],
])('names labels as Alertmanager does: %j', (labels, expected) => {
  expect(fingerprintOf(labels)).toBe(expected);
});

it('does not depend on the order of the labels', () => {
  expect(fingerprintOf({ a: '1', b: '2' })).toBe(fingerprintOf({ b: '2', a: '1' }));
  expect(fingerprintOf({ a: '1', b: '2' })).not.toBe(fingerprintOf({ a: '12', b: '' }));
});
