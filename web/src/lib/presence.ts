/** Somebody who moved, pressed or scrolled this recently may be about to press something. */
export const presentMs = 8_000;
/** A change this soon after a press is its effect. */
const effectMs = 500;

let lastSignAt = Number.NEGATIVE_INFINITY;
let lastPressAt = Number.NEGATIVE_INFINITY;

function noteSign(): void {
  lastSignAt = performance.now();
}

function notePress(): void {
  noteSign();
  lastPressAt = performance.now();
}

const passive = { capture: true, passive: true };
for (const name of ['pointermove', 'wheel', 'touchmove', 'scroll']) addEventListener(name, noteSign, passive);
for (const name of ['pointerdown', 'pointerup', 'keydown', 'click'])
  addEventListener(name, notePress, passive);

/** Whether somebody is at the page, as far as it can feel. */
export function somebodyIsHere(): boolean {
  return document.visibilityState === 'visible' && performance.now() - lastSignAt < presentMs;
}

/** Whether what happens now is what the person just asked for. */
export function isEffectOfPress(): boolean {
  return performance.now() - lastPressAt < effectMs;
}
