import { useEffect, useState, useSyncExternalStore } from 'react';
import { correction } from '../api/meanwhile';
import { isEffectOfPress, presentMs, somebodyIsHere } from '../lib/presence';
import { t } from '../messages';

interface Steady<T> {
  /**
   * The data to show: the newest, or the data from before a change that would move things under somebody's
   * finger.
   */
  shown: T;
  isBehind: boolean;
  catchUp: () => void;
}

/**
 * Keeps things in their places while somebody is at the page: figures and ages go on changing, but what would
 * move the buttons (something came, went or changed its rank) waits until the person asks for it or looks away.
 * `shapeOf` names what stands where; the same shape is always the newest content. `live` has to be the same
 * value for as long as nothing changed.
 */
export function useSteady<T>(live: T, shapeOf: (value: T) => string): Steady<T> {
  const [held, setHeld] = useState(live);
  // A change that was refused is not kept on the screen, even while somebody is at the page.
  const corrections = useSyncExternalStore(correction.subscribe, correction.count);
  const [correctedAt, setCorrectedAt] = useState(corrections);
  const shape = shapeOf(live);
  const heldShape = shapeOf(held);
  const moved = shape !== heldShape;
  // An empty place has nothing that somebody could press by mistake.
  const mustWait = moved && heldShape !== '' && somebodyIsHere() && !isEffectOfPress();
  const isCorrected = corrections !== correctedAt;
  if (isCorrected) setCorrectedAt(corrections);
  if (live !== held && (!mustWait || isCorrected)) setHeld(live);

  const [, lookAgain] = useState(0);
  useEffect(() => {
    if (!mustWait) return;
    const timer = setInterval(() => lookAgain((count) => count + 1), presentMs / 4);
    return () => clearInterval(timer);
  }, [mustWait]);

  const behind = mustWait && !isCorrected;
  return { shown: behind ? held : live, isBehind: behind, catchUp: () => setHeld(live) };
}

/** Floats over the page, because what it tells of must move nothing. */
export function ArrivedNote({ count, onShow }: { count: number; onShow: () => void }) {
  return (
    <button
      type="button"
      onClick={onShow}
      className="fixed bottom-20 left-1/2 z-30 min-h-11 -translate-x-1/2 rounded-full border border-accent bg-accent px-5 py-2 font-medium whitespace-nowrap text-accent-ink shadow-float hover:bg-accent-hover md:top-4 md:bottom-auto print:hidden"
    >
      {t.alert.waiting(count)}
    </button>
  );
}
