const storageKey = 'watchkeeper.organization';

export function lastOrg(): string | null {
  try {
    return localStorage.getItem(storageKey);
  } catch {
    return null;
  }
}

export function rememberOrg(slug: string): void {
  try {
    localStorage.setItem(storageKey, slug);
  } catch {
    // Forbidden storage: the person chooses again next time.
  }
}
