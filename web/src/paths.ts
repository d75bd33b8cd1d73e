/** Every address inside the console comes from here, so that a route is renamed in two places and nowhere else. */

type Query = Record<string, string | undefined>;

function build(segments: readonly string[], query: Query = {}): string {
  const path = `/${segments.map(encodeURIComponent).join('/')}`;
  const search = new URLSearchParams();
  for (const [key, value] of Object.entries(query)) if (value !== undefined) search.set(key, value);
  const text = search.toString();
  return text === '' ? path : `${path}?${text}`;
}

interface InOrg {
  org: string;
}

export const paths = {
  home: () => '/',
  signIn: (query: { to?: string } = {}) => build(['sign-in'], query),
  overview: ({ org }: InOrg) => build(['o', org]),
  alerts: ({ org, show, site }: InOrg & { show?: string; site?: string }) =>
    build(['o', org, 'alerts'], { show, site }),
  alert: ({ org, alert }: InOrg & { alert: string }) => build(['o', org, 'alerts', alert]),
  sites: ({ org }: InOrg) => build(['o', org, 'sites']),
  addSite: ({ org }: InOrg) => build(['o', org, 'sites', 'new']),
  site: ({ org, site }: InOrg & { site: string }) => build(['o', org, 'sites', site]),
  addDevice: ({ org, site }: InOrg & { site?: string }) => build(['o', org, 'devices', 'new'], { site }),
  devices: ({ org }: InOrg) => build(['o', org, 'devices']),
  rules: ({ org }: InOrg) => build(['o', org, 'rules']),
  channels: ({ org }: InOrg) => build(['o', org, 'channels']),
  ledger: ({ org }: InOrg) => build(['o', org, 'ledger']),
  device: ({ org, device }: InOrg & { device: string }) => build(['o', org, 'devices', device]),
  settings: ({ org }: InOrg) => build(['o', org, 'settings']),
  settingsSection: ({ org, section, query }: InOrg & { section: string; query?: Query }) =>
    build(['o', org, 'settings', section], query),
} as const;

/**
 * Where to go after signing in: only an address inside the console. Anything that a browser could read as
 * another origin (`//host`, `/\host`, a scheme) falls back to the start page.
 */
export function safeReturnPath(to: string | undefined): string {
  if (to === undefined || !/^\/(?![/\\])/.test(to) || to.startsWith('/sign-in')) return paths.home();
  const here = 'http://console.invalid';
  const url = URL.parse(to, here);
  return url?.origin === here ? url.pathname + url.search + url.hash : paths.home();
}
