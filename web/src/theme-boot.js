// A classic script of its own: it must run before the first paint, and the policy allows no inline script.
(() => {
  try {
    const theme = localStorage.getItem('watchkeeper.theme');
    if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
  } catch {
    // Storage may be forbidden; the system's theme is then the right one.
  }
})();
