import { useState } from 'react';

export interface Held<T> {
  /** The values at the start of the form. */
  base: T;
  /** Call it with the first change: from then on, newer versions do not replace the input. */
  hold: () => void;
  /** Start again from the present version. */
  release: () => void;
}

/** A form follows the data until somebody types. Give it `base.version` as its key. */
export function useHeld<T>(current: T): Held<T> {
  const [held, setHeld] = useState<T>();
  return {
    base: held ?? current,
    hold: () => setHeld((before) => before ?? current),
    release: () => setHeld(undefined),
  };
}
