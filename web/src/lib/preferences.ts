import { useSyncExternalStore } from 'react';

/** Choices of this browser, not of the account. */
export interface Preferences {
  shortcuts: boolean;
}

const storageKey = 'watchkeeper.preferences';
const defaults: Preferences = { shortcuts: true };
const listeners = new Set<() => void>();

function read(): Preferences {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(storageKey) ?? '{}');
    if (typeof stored === 'object' && stored !== null && 'shortcuts' in stored) {
      return { shortcuts: stored.shortcuts !== false };
    }
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

export function usePreferences(): Preferences {
  return useSyncExternalStore((listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }, preferences);
}
