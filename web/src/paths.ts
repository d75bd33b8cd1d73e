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

/** The filters of the list of checks. */
export interface ChecksSearch {
  q?: string | undefined;
  status?: string | undefined;
  kind?: string | undefined;
  site?: string | undefined;
  by?: string | undefined;
}

/** Which objects of a source are shown. */
export interface SourceSearch {
  show?: string | undefined;
  q?: string | undefined;
}

/** What the maintenance calendar shows. */
export interface MaintenanceSearch {
  view?: string | undefined;
  /** Any day of the month or week, as YYYY-MM-DD. */
  day?: string | undefined;
  site?: string | undefined;
}

/** Which time the system page looks at. */
export interface SystemSearch {
  range?: string | undefined;
}

/** What a new window is planned for. */
export interface MaintenanceFor {
  site?: string | undefined;
  device?: string | undefined;
  day?: string | undefined;
}

export const paths = {
  home: () => '/',
  signIn: (query: { to?: string } = {}) => build(['sign-in'], query),
  setPassword: (query: { token: string }) => build(['set-password'], query),
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
  checks: ({ org, q, status, kind, site, by }: InOrg & ChecksSearch) =>
    build(['o', org, 'checks'], { q, status, kind, site, by }),
  addCheck: ({ org, kind, device, site }: InOrg & { kind?: string; device?: string; site?: string }) =>
    build(['o', org, 'checks', 'new'], { kind, device, site }),
  check: ({ org, check }: InOrg & { check: string }) => build(['o', org, 'checks', check]),
  editCheck: ({ org, check }: InOrg & { check: string }) => build(['o', org, 'checks', check, 'edit']),
  sources: ({ org }: InOrg) => build(['o', org, 'sources']),
  addSource: ({ org, kind }: InOrg & { kind?: string }) => build(['o', org, 'sources', 'new'], { kind }),
  source: ({ org, source, show, q }: InOrg & { source: string } & SourceSearch) =>
    build(['o', org, 'sources', source], { show, q }),
  editSource: ({ org, source }: InOrg & { source: string }) => build(['o', org, 'sources', source, 'edit']),
  maintenance: ({ org, view, day, site }: InOrg & MaintenanceSearch) =>
    build(['o', org, 'maintenance'], { view, day, site }),
  addMaintenance: ({ org, site, device, day }: InOrg & MaintenanceFor) =>
    build(['o', org, 'maintenance', 'new'], { site, device, day }),
  maintenanceWindow: ({ org, window }: InOrg & { window: string }) =>
    build(['o', org, 'maintenance', window]),
  editMaintenance: ({ org, window }: InOrg & { window: string }) =>
    build(['o', org, 'maintenance', window, 'edit']),
  system: ({ org, range }: InOrg & SystemSearch) => build(['o', org, 'system'], { range }),
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
