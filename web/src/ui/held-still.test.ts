import { describe, expect, test } from 'vitest';
import { heldStill } from './held-still';

const group = (id: string, ...options: string[]) => ({
  id,
  options: options.map((each) => ({ id: each, label: each })),
});
const ids = (groups: readonly { options: readonly { id: string }[] }[]) =>
  groups.flatMap((each) => each.options.map((option) => option.id));

describe('a list that is held still', () => {
  test('keeps the place of each option, whatever a refresh puts before it or takes away', () => {
    const shown = [group('found', 'gate', 'till'), group('choices', 'dark')];
    const fresh = [group('found', 'bay', 'till'), group('choices', 'dark')];
    expect(ids(heldStill(shown, fresh))).toEqual(['gate', 'till', 'dark', 'bay']);
  });

  test('shows the new words of an option that is still there', () => {
    const [held] = heldStill(
      [group('found', 'gate')],
      [{ id: 'found', options: [{ id: 'gate', label: 'Gate, offline' }] }],
    );
    expect(held?.options).toEqual([{ id: 'gate', label: 'Gate, offline' }]);
  });

  test('gives each group an id of its own, refresh after refresh', () => {
    const once = heldStill([group('found', 'a')], [group('found', 'a', 'b')]);
    const twice = heldStill(once, [group('found', 'a', 'b', 'c')]);
    expect(ids(twice)).toEqual(['a', 'b', 'c']);
    expect(new Set(twice.map(({ id }) => id)).size).toBe(twice.length);
    expect(heldStill(twice, [group('found', 'c', 'b', 'a')])).toEqual(twice);
  });
});
