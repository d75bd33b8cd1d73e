// Dates and clocks of time zones. The pinned Node (24) has no `Temporal`, so the polyfill provides it; on a Node that
// has it, the polyfill uses that. Import it from here: the global one is missing on most machines.
export { Temporal } from 'temporal-polyfill';

const known = new Map<string, boolean>();
/** Cache size. There are some hundred zones; when the cache is full, further ones are looked up again. */
const knownMax = 2_000;

/**
 * The zone, or UTC when this runtime does not know it (a runtime with newer tables may have stored it). Only for texts:
 * a time in another zone is better than an alert that is never sent.
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
