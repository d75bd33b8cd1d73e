import { expect, it } from 'vitest';
import {
  createSlots,
  perKindMax,
  perTargetMax,
  perTenantMax,
  perTenantOfTargetMax,
  slotsMax,
} from './slots.ts';

const place = (organizationId: string, kind: string, target: string) => ({ organizationId, kind, target });

/** Takes places until there are no more. */
function fill(slots: ReturnType<typeof createSlots>, next: (n: number) => ReturnType<typeof place>): number {
  let taken = 0;
  for (let n = 0; n < slotsMax * 2; n += 1) if (slots.take(next(n)) !== undefined) taken += 1;
  return taken;
}

it('one organization that floods one receiver leaves a place at it to the others', () => {
  const slots = createSlots();
  expect(fill(slots, () => place('a', 'email', 'smtp'))).toBe(perTenantOfTargetMax);
  expect(slots.take(place('b', 'email', 'smtp'))).toBeTypeOf('function');
  expect(slots.taken).toBe(perTargetMax);
  expect(slots.take(place('c', 'email', 'smtp'))).toBeUndefined();
});

it('one organization with many hanging receivers leaves places of the kind to the others', () => {
  const slots = createSlots();
  expect(fill(slots, (n) => place('a', 'webhook', `host ${n}`))).toBe(perTenantMax);
  expect(slots.take(place('b', 'webhook', 'other'))).toBeTypeOf('function');
});

it('a kind whose receivers all hang leaves places to every other kind', () => {
  const slots = createSlots();
  expect(fill(slots, (n) => place(`tenant ${n}`, 'webhook', `host ${n}`))).toBe(perKindMax);
  expect(fill(slots, (n) => place(`tenant ${n}`, 'slack', `host ${n}`))).toBe(perKindMax);
  expect(slots.take(place('a', 'email', 'smtp'))).toBeTypeOf('function');
});

it('a place that is given back twice is free only once', () => {
  const slots = createSlots();
  const giveBack = slots.take(place('a', 'email', 'smtp'));
  giveBack?.();
  giveBack?.();
  expect(slots.taken).toBe(0);
  expect(fill(slots, (n) => place(`t${n}`, 'email', 'smtp'))).toBe(perTargetMax);
});
