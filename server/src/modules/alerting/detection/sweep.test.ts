import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parentsFirst } from './sweep.ts';

test('a parent comes before everything that depends on it, over several levels', () => {
  const edges = [
    { child: 'camera', parent: 'switch' },
    { child: 'switch', parent: 'router' },
    { child: 'gate', parent: 'router' },
  ];
  expect(parentsFirst(['camera', 'gate', 'switch', 'router', 'lamp'], edges)).toEqual([
    'router',
    'lamp',
    'gate',
    'switch',
    'camera',
  ]);
});

test('every device is in the list exactly once, whatever the dependencies', () => {
  const ids = ['a', 'b', 'c', 'd', 'e'];
  const edge = fc.record({ child: fc.constantFrom(...ids), parent: fc.constantFrom(...ids) });
  fc.assert(
    fc.property(fc.array(edge, { maxLength: 12 }), (edges) => {
      expect([...parentsFirst(ids, edges)].sort()).toEqual(ids);
    }),
  );
});
