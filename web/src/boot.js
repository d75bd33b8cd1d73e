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
  const base = document.querySelector('meta[name="watchkeeper-base"]')?.content ?? '';
  const here = location.pathname;
  const path = here.startsWith(`${base}/`) ? here.slice(base.length) : here;
  const organization = /^\/o\/([^/]+)\/?$/.exec(path)?.[1];
  const wanted =
    organization === undefined
      ? []
      : ['/api/me', `/api/v1/${organization}/overview`].map((asked) => base + asked);
  window.watchkeeperFirst = new Map(wanted.map((asked) => [asked, { at: Date.now(), answer: fetch(asked) }]));
  for (const { answer } of window.watchkeeperFirst.values()) answer.catch(() => undefined);
})();
