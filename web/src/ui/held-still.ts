import { useEffect, useRef, useState } from 'react';

interface Named {
  readonly id: string;
}

export interface HeldGroup<T extends Named> extends Named {
  readonly options: readonly T[];
}

/**
 * Keeps every shown option in its place while a list is refreshed, because the library's highlight is a position.
 * An option that is still there gets its new words, one that is gone stays, and new ones come behind all others.
 */
export function heldStill<T extends Named, G extends HeldGroup<T>>(
  shown: readonly G[],
  fresh: readonly G[],
): readonly G[] {
  const now = new Map(fresh.flatMap((group) => group.options).map((option) => [option.id, option]));
  const known = new Set(shown.flatMap((group) => group.options).map((option) => option.id));
  const kept = shown.map((group) => ({
    ...group,
    options: group.options.map((option) => now.get(option.id) ?? option),
  }));
  const added = fresh
    .map((group) => ({
      ...group,
      id: `${group.id} ${shown.length}`,
      options: group.options.filter((option) => !known.has(option.id)),
    }))
    .filter((group) => group.options.length > 0);
  return [...kept, ...added];
}

/**
 * Holds a list still for as long as `round` stays the same, e.g. the text it answers. While the answer is pending
 * the list may change, but no longer once somebody has moved the highlight: `onHighlight` has to be told of that.
 */
export function useHeldStill<T extends Named, G extends HeldGroup<T>>(
  fresh: readonly G[],
  round: string,
  pending: boolean,
): { groups: readonly G[]; onHighlight: (option: unknown, how: { reason: string }) => void } {
  const last = useRef({ round, pending, groups: fresh });
  const [moved, setMoved] = useState<string>();
  const holds = last.current.round === round && (!last.current.pending || moved === round);
  const groups = holds ? heldStill(last.current.groups, fresh) : fresh;
  useEffect(() => {
    last.current = { round, pending, groups };
  });
  return {
    groups,
    onHighlight: (_, { reason }) => {
      if (reason !== 'none') setMoved(round);
    },
  };
}
