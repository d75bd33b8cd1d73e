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

/** The inbox's filters, as they stand in its address. */
export interface AlertSearch {
  show?: string | undefined;
  severity?: string | undefined;
  type?: string | undefined;
  site?: string | undefined;
  q?: string | undefined;
}

/** Which time the page of a device looks at. */
export interface DeviceSearch {
  range?: string | undefined;
  from?: string | undefined;
  to?: string | undefined;
}

/** The filters of the list of devices. */
export interface DevicesSearch {
  q?: string | undefined;
  status?: string | undefined;
  site?: string | undefined;
  retired?: string | undefined;
}

/** The ledger's filters. */
export interface LedgerSearch {
  status?: string | undefined;
  channel?: string | undefined;
  alert?: string | undefined;
  since?: string | undefined;
}

export const paths = {
  home: () => '/',
  signIn: (query: { to?: string } = {}) => build(['sign-in'], query),
  overview: ({ org }: InOrg) => build(['o', org]),
  wallboard: ({ org }: InOrg) => build(['o', org], { wall: '' }),
  alerts: ({ org, show, severity, type, site, q }: InOrg & AlertSearch) =>
    build(['o', org, 'alerts'], { show, severity, type, site, q }),
  alert: ({ org, alert }: InOrg & { alert: string }) => build(['o', org, 'alerts', alert]),
  sites: ({ org }: InOrg) => build(['o', org, 'sites']),
  addSite: ({ org }: InOrg) => build(['o', org, 'sites', 'new']),
  site: ({ org, site, status }: InOrg & { site: string; status?: string | undefined }) =>
    build(['o', org, 'sites', site], { status }),
  addDevice: ({ org, site }: InOrg & { site?: string }) => build(['o', org, 'devices', 'new'], { site }),
  devices: ({ org, q, status, site, retired }: InOrg & DevicesSearch) =>
    build(['o', org, 'devices'], { q, status, site, retired }),
  editSite: ({ org, site }: InOrg & { site: string }) => build(['o', org, 'sites', site, 'edit']),
  rules: ({ org }: InOrg) => build(['o', org, 'rules']),
  addRule: ({ org, ...query }: InOrg & { template?: string; kind?: string; from?: string }) =>
    build(['o', org, 'rules', 'new'], query),
  rule: ({ org, rule, days }: InOrg & { rule: string; days?: string }) =>
    build(['o', org, 'rules', rule], { days }),
  editRule: ({ org, rule }: InOrg & { rule: string }) => build(['o', org, 'rules', rule, 'edit']),
  channels: ({ org }: InOrg) => build(['o', org, 'channels']),
  addChannel: ({ org, kind }: InOrg & { kind?: string }) => build(['o', org, 'channels', 'new'], { kind }),
  channel: ({ org, channel }: InOrg & { channel: string }) => build(['o', org, 'channels', channel]),
  ledger: ({ org, status, channel, alert, since }: InOrg & LedgerSearch) =>
    build(['o', org, 'ledger'], { status, channel, alert, since }),
  device: ({ org, device, range, from, to }: InOrg & { device: string } & DeviceSearch) =>
    build(['o', org, 'devices', device], { range, from, to }),
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
