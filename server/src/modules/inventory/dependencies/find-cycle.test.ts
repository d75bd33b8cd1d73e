import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Edge, findCycle } from './find-cycle.ts';

const edges = (text: string): Edge[] =>
  text.split(' ').map((pair) => {
    const [device = '', dependsOn = ''] = pair.split('>');
    return { device, dependsOn };
  });

describe('findCycle', () => {
  it.each(['a>b', 'a>b b>c a>c', 'a>c b>c c>d', 'a>b a>c b>d c>d d>e'])('finds none in %s', (text) => {
    expect(findCycle(edges(text))).toBeUndefined();
  });

  it.each([
    ['a>a', ['a', 'a']],
    ['a>b b>a', ['a', 'b', 'a']],
    ['x>a a>b b>c c>a', ['a', 'b', 'c', 'a']],
    ['a>d a>b b>c c>b', ['b', 'c', 'b']],
  ])('names the circle in %s', (text, circle) => {
    expect(findCycle(edges(text))).toEqual(circle);
  });

  it('walks a chain of 100,000 devices', () => {
    const chain = Array.from({ length: 100_000 }, (_, index) => ({
      device: `d${index}`,
      dependsOn: `d${index + 1}`,
    }));
    expect(findCycle(chain)).toBeUndefined();
    expect(findCycle([...chain, { device: 'd100000', dependsOn: 'd0' }])).toHaveLength(100_002);
  });

  it('finds a circle exactly when no order puts everything after its dependencies', () => {
    const node = fc.integer({ min: 0, max: 7 }).map(String);
    fc.assert(
      fc.property(fc.array(fc.record({ device: node, dependsOn: node }), { maxLength: 14 }), (graph) => {
        const cycle = findCycle(graph);
        expect(cycle === undefined).toBe(hasOrder(graph));
        for (const [index, device] of (cycle ?? []).slice(0, -1).entries()) {
          expect(graph).toContainEqual({ device, dependsOn: cycle?.[index + 1] });
        }
      }),
    );
  });
});

/** Removes everything without dependencies until nothing is left or nothing can be removed. */
function hasOrder(graph: readonly Edge[]): boolean {
  let left = [...graph];
  for (;;) {
    const rest = left.filter((edge) => left.some((other) => other.device === edge.dependsOn));
    if (rest.length === 0) return true;
    if (rest.length === left.length) return false;
    left = rest;
  }
}
