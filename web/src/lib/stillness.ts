import { isEffectOfPress } from './presence';

/** Browsers count a move of less than three as none; several may come before one paint. */
const movePx = 1;
/** Beyond this many elements a page is looked through from its top only. */
const elementsMax = 6_000;
/** Starts invisible, so that nobody sees it move into place. */
const fade = { keyframes: [{ opacity: 0 }, { opacity: 0, offset: 0.15 }], ms: 220 };
/** For those who want nothing animated: gone for two frames, then there. */
const blink = { keyframes: [{ opacity: 0 }, { opacity: 0 }], ms: 34 };
/**
 * A new width moves everything, and scrolling needs every frame; positions are recorded again this long
 * after.
 */
const restMs = 200;
/**
 * Two scrolls within this time are somebody's, at a scroll bar for one; a single one without a wheel or a finger
 * comes when a list grew shorter than it was scrolled.
 */
const scrollingMs = 100;

/** Within the parent, whichever way anything is scrolled. */
interface Place {
  readonly x: number;
  readonly y: number;
}

/**
 * An item that a live change moves does not slide: it fades in at its new place. An item that moves because
 * of a press moves at once. This runs after each change of the page, before it is painted.
 */
export function keepStill(root: Element): void {
  /** undefined: not known at the moment. */
  let places: WeakMap<Element, Place> | undefined;
  let rest: ReturnType<typeof setTimeout> | undefined;
  let scrolledAt = Number.NEGATIVE_INFINITY;
  const fading = new WeakMap<Element, Animation>();

  function look(): void {
    if (places === undefined) return;
    const known = places;
    const isQuiet = isEffectOfPress();
    const now = new WeakMap<Element, Place>();
    let left = elementsMax;

    function visit(parent: Element): void {
      const frame = parent.getBoundingClientRect();
      for (const element of parent.children) {
        left -= 1;
        if (left < 0) return;
        const { left: x, top: y } = element.getBoundingClientRect();
        const place = { x: x - frame.left + parent.scrollLeft, y: y - frame.top + parent.scrollTop };
        const before = known.get(element);
        now.set(element, place);
        if (!isQuiet && before !== undefined && isElsewhere(before, place)) fadeIn(element);
        visit(element);
      }
    }
    visit(root);
    places = now;
  }

  function fadeIn(element: Element): void {
    if (!followsScrolling.has(getComputedStyle(element).position)) {
      const { keyframes, ms } = unmoved.matches ? blink : fade;
      fading.get(element)?.cancel();
      fading.set(element, element.animate(keyframes, ms));
    }
  }

  function takeNote(): void {
    places = new WeakMap();
    look();
  }

  function pause(): void {
    places = undefined;
    clearTimeout(rest);
    rest = setTimeout(takeNote, restMs);
  }

  function noteScroll(): void {
    const before = scrolledAt;
    scrolledAt = performance.now();
    if (scrolledAt - before < scrollingMs) pause();
  }

  new MutationObserver((changes) => {
    if (!changes.every(isOfPointer)) look();
  }).observe(root, {
    childList: true,
    characterData: true,
    attributeFilter: ['class', 'style'],
    subtree: true,
  });
  addEventListener('resize', pause);
  for (const turn of ['wheel', 'touchmove']) addEventListener(turn, pause, { capture: true, passive: true });
  addEventListener('scroll', noteScroll, { capture: true, passive: true });
  takeNote();
}

const unmoved = matchMedia('(prefers-reduced-motion: reduce)');
const followsScrolling = new Set(['fixed', 'sticky']);

function isElsewhere(before: Place, now: Place): boolean {
  return Math.abs(before.x - now.x) >= movePx || Math.abs(before.y - now.y) >= movePx;
}

/** The cross-hair of a chart follows the pointer, and pushes nothing. */
function isOfPointer({ type, target }: MutationRecord): boolean {
  return type === 'attributes' && target instanceof Element && target.closest('.uplot') !== null;
}
