// Dates and clocks of time zones. The pinned Node (24) has no `Temporal` of its own: the polyfill stands in, and steps
// aside on a Node that has it. Nobody uses the global one: it is missing exactly where most machines run.
export { Temporal } from 'temporal-polyfill';

const known = new Map<string, boolean>();
/** There are some hundred zones; what is beyond is asked anew. */
const knownMax = 2_000;

/**
 * The zone, or UTC where this runtime does not know it: one with newer tables may have written it. For words only: a
 * time by another clock is better than an alert that is never told.
 */
export function zoneForWords(timeZone: string): string {
  let isKnown = known.get(timeZone);
  if (isKnown === undefined) {
    isKnown = isZone(timeZone);
    if (known.size < knownMax) known.set(timeZone, isKnown);
  }
  return isKnown ? timeZone : 'UTC';
}

function isZone(timeZone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone });
    return true;
  } catch {
    return false;
  }
}
