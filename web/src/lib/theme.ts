export const themes = ['system', 'light', 'dark'] as const;
export type Theme = (typeof themes)[number];

/** The same key stands in boot.js, which runs before the first paint. */
const storageKey = 'watchkeeper.theme';

export function readTheme(): Theme {
  const stored = document.documentElement.dataset.theme;
  return stored === 'light' || stored === 'dark' ? stored : 'system';
}

export function setTheme(theme: Theme): void {
  if (theme === 'system') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
  try {
    if (theme === 'system') localStorage.removeItem(storageKey);
    else localStorage.setItem(storageKey, theme);
  } catch {
    // Storage may be forbidden: the choice then lasts until the page is left.
  }
}

/** Canvases keep the colours they were drawn in: for paper they are drawn anew in the light theme. */
export function printInLight(): void {
  let before: Theme | undefined;
  addEventListener('beforeprint', () => {
    before ??= readTheme();
    document.documentElement.dataset.theme = 'light';
  });
  addEventListener('afterprint', () => {
    if (before === 'system') delete document.documentElement.dataset.theme;
    else if (before !== undefined) document.documentElement.dataset.theme = before;
    before = undefined;
  });
}
