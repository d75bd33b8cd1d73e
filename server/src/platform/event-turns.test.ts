import { expect, it } from 'vitest';
import type { Lane } from './event-store.ts';
import { EventTurns } from './event-turns.ts';

const lane = (organizationId: string, subscriber = 'reader'): Lane => ({
  event: 'told',
  subscriber,
  organizationId,
});
const reader = new Set(['told.reader']);

/** Gives the next lanes their turns, and returns them. */
function take(turns: EventTurns, count: number): string[] {
  const taken: string[] = [];
  turns.offer(({ organizationId }) => taken.length < count && taken.push(organizationId) > 0);
  return taken;
}

it('gives the turn to the lane that has waited longest, not to the one with the oldest event', () => {
  const turns = new EventTurns();
  const [a, b, c] = [lane('a'), lane('b'), lane('c')];
  turns.found(reader, [a, b]);
  expect(take(turns, 1)).toEqual(['a']);
  // The backlog of a is older than all others, and c is new.
  turns.found(reader, [a, b, c]);
  expect(take(turns, 3)).toEqual(['b', 'c', 'a']);
});

it('puts a lane with more events behind all waiting ones', () => {
  const turns = new EventTurns();
  turns.found(reader, [lane('a'), lane('b'), lane('c')]);
  expect(take(turns, 1)).toEqual(['a']);
  turns.again(lane('a'));
  expect(take(turns, 3)).toEqual(['b', 'c', 'a']);
});

it('keeps lanes and turns of subscriptions that a query left out because they are full', () => {
  const turns = new EventTurns();
  const writer = new Set(['told.writer']);
  turns.found(reader, [lane('a'), lane('b')]);
  expect(take(turns, 1)).toEqual(['a']);
  turns.found(writer, [lane('z', 'writer')]);
  turns.found(reader, [lane('a'), lane('b')]);
  expect(take(turns, 3)).toEqual(['z', 'b', 'a']);
});

it('forgets the turns of an empty lane', () => {
  const turns = new EventTurns();
  turns.found(reader, [lane('a'), lane('b')]);
  expect(take(turns, 2)).toEqual(['a', 'b']);
  turns.found(reader, [lane('b')]);
  turns.found(reader, [lane('b'), lane('a')]);
  expect(take(turns, 2)).toEqual(['a', 'b']);
});

it('offers a lane again when it could not begin', () => {
  const turns = new EventTurns();
  turns.found(reader, [lane('a'), lane('b')]);
  turns.offer(() => false);
  expect(take(turns, 2)).toEqual(['a', 'b']);
});
