import { useState } from 'react';

export interface Held<T> {
  /** What the form began from. */
  base: T;
  /** Call it with the first change: from then on newer versions do not replace what is being typed. */
  hold: () => void;
  /** Begin again from what is there now. */
  release: () => void;
}

/** A form follows what is read until somebody types into it. Give it `base.version` as its key. */
export function useHeld<T>(current: T): Held<T> {
  const [held, setHeld] = useState<T>();
  return {
    base: held ?? current,
    hold: () => setHeld((before) => before ?? current),
    release: () => setHeld(undefined),
  };
}
