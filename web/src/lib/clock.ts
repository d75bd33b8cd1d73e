import { useSyncExternalStore } from 'react';
import { secondMs } from './time';

/** Answers' `Date` headers have whole seconds and travel time in them; smaller differences are noise. */
const offsetMsMin = 3 * secondMs;

let offsetMs = 0;

/** Keeps "3 s ago" true on a machine whose clock is wrong: ages are counted on the server's clock. */
export function noteServerDate(header: string | null, receivedAt: number): void {
  const serverAt = header === null ? Number.NaN : Date.parse(header);
  if (Number.isNaN(serverAt)) return;
  const difference = serverAt - receivedAt;
  offsetMs = Math.abs(difference) >= offsetMsMin ? difference : 0;
}

export function serverNow(): number {
  return Date.now() + offsetMs;
}

const listeners = new Set<() => void>();
let current = Date.now();
let timer: ReturnType<typeof setInterval> | undefined;

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  // There was no listener until now, so `current` is as old as the last one.
  if (timer === undefined) current = Date.now();
  timer ??= setInterval(() => {
    current = Date.now();
    for (const each of listeners) each();
  }, secondMs);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

/** The server's time, moving once a second; one timer for the whole page. */
export function useNow(): number {
  return useSyncExternalStore(subscribe, () => current) + offsetMs;
}
