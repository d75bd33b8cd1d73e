import { expect, test } from 'vitest';
import { HostGate, runsMax, runsPerTargetMax, type Turn } from './host-gate.ts';

/** A gate, and runs that continue until the test ends them. */
function gateOf() {
  const gate = new HostGate();
  const began: string[] = [];
  const ends = new Map<string, () => void>();
  const enter = (name: string, more: Partial<Turn> = {}): boolean =>
    gate.enter({
      owner: 'alice',
      target: name,
      limitMs: 60_000,
      overdue: () => began.push(`${name} is overdue`),
      run() {
        began.push(name);
        const { promise, resolve } = Promise.withResolvers<void>();
        ends.set(name, resolve);
        return promise;
      },
      ...more,
    });
  return {
    gate,
    began,
    enter,
    async end(name: string) {
      ends.get(name)?.();
      await new Promise((resolve) => setImmediate(resolve));
    },
  };
}

test('a target has a number of places, and further runs wait their turn', async () => {
  const { gate, began, enter, end } = gateOf();
  for (let number = 0; number < runsPerTargetMax + 2; number += 1) enter(`run ${number}`, { target: 'slow' });
  expect(gate.running).toBe(runsPerTargetMax);
  expect(enter('elsewhere')).toBe(true);
  expect(began.at(-1)).toBe('elsewhere');
  await end('run 3');
  expect(began.at(-1)).toBe(`run ${runsPerTargetMax}`);
});

test('an organization whose targets all hang leaves places for another, also at the same target', () => {
  const { began, gate, enter } = gateOf();
  for (let number = 0; number < 2 * runsMax; number += 1) enter(`hangs ${number}`);
  expect(gate.running).toBeLessThan(runsMax);
  enter('hers', { owner: 'bob', target: 'hangs 1' });
  expect(began.at(-1)).toBe('hers');
});

test('a place held for too long is taken back, and the next run begins', () => {
  const { gate, began, enter } = gateOf();
  for (let number = 0; number <= runsPerTargetMax; number += 1)
    enter(`run ${number}`, { target: 'slow', limitMs: number === 0 ? 1_000 : 60_000 });
  expect(gate.freeOverdue(performance.now())).toBe(0);
  expect(gate.freeOverdue(performance.now() + 2_000)).toBe(1);
  expect(began.slice(-2).sort()).toEqual(['run 0 is overdue', `run ${runsPerTargetMax}`]);
  expect(gate.running).toBe(runsPerTargetMax);
});

test('a run that ends after its place was taken back frees no second place', async () => {
  const { gate, enter, end } = gateOf();
  enter('late', { limitMs: 1 });
  gate.freeOverdue(performance.now() + 10);
  enter('other');
  await end('late');
  expect(gate.running).toBe(1);
});
