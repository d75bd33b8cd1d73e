import { expect, test } from 'vitest';
import { FairShare } from './fair-share.ts';

/** Takes places until there is no room. */
function fill(share: FairShare, who: string): number {
  let taken = 0;
  while (share.take(who)) taken += 1;
  return taken;
}

test('a single owner gets half, and there is always room for the next one', () => {
  const share = new FairShare(512);
  expect(fill(share, 'a')).toBe(256);
  expect(share.full()).toEqual(['a']);
  for (let number = 0; number < 7; number += 1) expect(share.take(`newcomer ${number}`)).toBe(true);
});

test('places that are given back can be taken again by anybody', () => {
  const share = new FairShare(4);
  expect(fill(share, 'a')).toBe(2);
  expect(fill(share, 'b')).toBe(1);
  expect(share.take('b')).toBe(false);
  share.giveBack('a');
  expect(share.take('b')).toBe(true);
  expect(share.total).toBe(3);
});
