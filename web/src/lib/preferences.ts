import { useSyncExternalStore } from 'react';
import { localTimeZone } from './time-zones';

/** Choices of this browser, not of the account. */
export interface Preferences {
  shortcuts: boolean;
  /** Ages ("3 min ago") or the clock first; the other stands in the title. */
  times: 'ages' | 'clock';
  /** Which time zone: of the person at the screen, or of the site. */
  zone: 'mine' | 'site';
  /** null: what the browser asks for. */
  language: string | null;
}

const storageKey = 'watchkeeper.preferences';
const defaults: Preferences = { shortcuts: true, times: 'ages', zone: 'mine', language: null };
const listeners = new Set<() => void>();

function read(): Preferences {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(storageKey) ?? '{}');
    if (typeof stored !== 'object' || stored === null) return defaults;
    return {
      shortcuts: !('shortcuts' in stored && stored.shortcuts === false),
      times: 'times' in stored && stored.times === 'clock' ? 'clock' : 'ages',
      zone: 'zone' in stored && stored.zone === 'site' ? 'site' : 'mine',
      language: 'language' in stored && typeof stored.language === 'string' ? stored.language : null,
    };
  } catch {
    // Forbidden or damaged storage: the defaults serve.
  }
  return defaults;
}

let current = defaults;
let loaded = false;

export function preferences(): Preferences {
  if (!loaded) {
    current = read();
    loaded = true;
  }
  return current;
}

export function setPreferences(change: Partial<Preferences>): void {
  current = { ...preferences(), ...change };
  try {
    localStorage.setItem(storageKey, JSON.stringify(current));
  } catch {
    // The choice then lasts until the page is left.
  }
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function usePreferences(): Preferences {
  return useSyncExternalStore(subscribe, preferences);
}

/** The clock to speak in about a place: the reader's own, or the place's where the reader chose that. */
export function useChosenZone(site: string | null | undefined): string {
  const { zone } = usePreferences();
  const mine = localTimeZone();
  return zone === 'site' ? (site ?? mine) : mine;
}
