import { createContext, useEffect, useState } from 'react';

/** True where a time stands by itself: no row or link around it takes the focus, so it does. */
export const TimeStandsAlone = createContext(false);

interface Hint {
  text: string;
  top: number;
  /** From the left, or from the right for what stands in the right half. */
  side: { left: number } | { right: number };
}

const gapPixels = 6;

/** The time that a focused thing is about: itself, inside it, or in the row that the link stands for. */
function timeOf(target: Element): HTMLElement | null {
  const inside = target.matches('time[title]') ? target : target.querySelector('time[title]');
  const found = inside ?? (target.matches('a') ? target.closest('li, tr, article') : null);
  const time = found?.matches('time') === true ? found : found?.querySelector('time[title]');
  return time instanceof HTMLElement ? time : null;
}

function hintFor(time: HTMLElement): Hint | undefined {
  const box = time.getBoundingClientRect();
  if (box.width === 0) return undefined;
  const isRight = box.left + box.width / 2 > innerWidth / 2;
  return {
    text: time.title,
    top: box.bottom + gapPixels,
    side: isRight ? { right: document.documentElement.clientWidth - box.right } : { left: box.left },
  };
}

/**
 * What the pointer reads in a time's title, for the keyboard: the exact moment appears beneath the time of
 * whatever has the focus. Escape takes it away; screen readers have the title itself.
 */
export function TimeHint() {
  const [hint, setHint] = useState<Hint>();
  useEffect(() => {
    const hide = () => setHint(undefined);
    const show = ({ target }: FocusEvent) => {
      const time = target instanceof Element && target.matches(':focus-visible') ? timeOf(target) : null;
      setHint(time === null ? undefined : hintFor(time));
    };
    const onKey = ({ key }: KeyboardEvent) => {
      if (key === 'Escape') hide();
    };
    document.addEventListener('focusin', show);
    document.addEventListener('focusout', hide);
    document.addEventListener('keydown', onKey);
    addEventListener('scroll', hide, { passive: true, capture: true });
    return () => {
      document.removeEventListener('focusin', show);
      document.removeEventListener('focusout', hide);
      document.removeEventListener('keydown', onKey);
      removeEventListener('scroll', hide, { capture: true });
    };
  }, []);
  if (hint === undefined) return null;
  return (
    <div
      aria-hidden="true"
      style={{ top: hint.top, ...hint.side }}
      className="pointer-events-none fixed z-50 max-w-[calc(100vw-1rem)] rounded-1 border border-line-2 bg-raised px-2.5 py-1.5 text-1 text-ink shadow-float print:hidden"
    >
      {hint.text}
    </div>
  );
}
