// A classic script of its own: it runs before the first paint and before the modules are there, and the policy
// allows no inline script.
(() => {
  try {
    const theme = localStorage.getItem('watchkeeper.theme');
    if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
  } catch {
    // Storage may be forbidden; the system's theme is then the right one.
  }
  // What the first page will ask for is asked for while its code still loads (api/first-answers.ts takes it).
  const organization = /^\/o\/([^/]+)\/?$/.exec(location.pathname)?.[1];
  const wanted = organization === undefined ? [] : ['/api/me', `/api/v1/${organization}/overview`];
  window.watchkeeperFirst = new Map(wanted.map((path) => [path, { at: Date.now(), answer: fetch(path) }]));
  for (const { answer } of window.watchkeeperFirst.values()) answer.catch(() => undefined);
})();
