import type {
  AlertStatus,
  DeviceStatus,
  Permission,
  Role,
  Severity,
  SuppressionReason,
} from '@watchkeeper/contracts';
import type { AlertTransitionKind } from '@watchkeeper/contracts/alerting';
import type { Weekday } from '@watchkeeper/contracts/inventory';

const plural = new Intl.PluralRules('en');
const small = [
  'No',
  'One',
  'Two',
  'Three',
  'Four',
  'Five',
  'Six',
  'Seven',
  'Eight',
  'Nine',
  'Ten',
  'Eleven',
  'Twelve',
];
const figures = new Intl.NumberFormat('en');

/** "1 device", "12 devices". */
function count(n: number, one: string, many: string): string {
  return `${figures.format(n)} ${plural.select(n) === 'one' ? one : many}`;
}
/** "Two things": words to twelve, figures beyond. */
function spelled(n: number, one: string, many: string): string {
  return `${small[n] ?? figures.format(n)} ${n === 1 ? one : many}`;
}

const deviceStatus: Record<DeviceStatus, string> = {
  online: 'Online',
  degraded: 'Degraded',
  unresponsive: 'Unresponsive',
  offline: 'Offline',
  unknown: 'Unknown',
  maintenance: 'Maintenance',
};
const deviceStatusMeaning: Record<DeviceStatus, string> = {
  online: 'Its heartbeats arrive and report that it works.',
  degraded: 'It is alive but reports trouble.',
  unresponsive: 'Our checks get no answer.',
  offline: 'Confirmed: no heartbeat past the limit.',
  unknown: 'We cannot tell: nothing has been heard, or the source is stale.',
  maintenance: 'In a maintenance window; alerts are muted.',
};
const severity: Record<Severity, string> = {
  critical: 'Critical',
  high: 'High',
  medium: 'Medium',
  low: 'Low',
};
const alertStatus: Record<AlertStatus, string> = {
  open: 'Open',
  acknowledged: 'Acknowledged',
  resolved: 'Resolved',
};
const suppressedBy: Record<SuppressionReason, string> = {
  maintenance: 'Muted by maintenance',
  dependency: 'Follows from another alert',
  silence: 'Silenced',
  outage_of_ours: 'Held back: the fault may be ours',
  storm: 'Held back: part of a storm',
};
const transition: Record<AlertTransitionKind, string> = {
  opened: 'Opened',
  acknowledged: 'Acknowledged',
  resolved: 'Resolved',
  suppressed: 'Muted',
  unsuppressed: 'No longer muted',
  escalated: 'Escalated',
};
const role: Record<Role, string> = { owner: 'Owner', admin: 'Admin', operator: 'Operator', viewer: 'Viewer' };
const permission: Partial<Record<Permission, string>> = {
  'alerts:operate': 'acknowledge and resolve alerts',
  'inventory:write': 'add sites and devices',
  'members:write': 'manage members',
};
const weekday: Record<Weekday, string> = {
  monday: 'Monday',
  tuesday: 'Tuesday',
  wednesday: 'Wednesday',
  thursday: 'Thursday',
  friday: 'Friday',
  saturday: 'Saturday',
  sunday: 'Sunday',
};
/** Known figures of a heartbeat; others are shown under their own names. */
const metric: Record<string, { label: string; unit: string }> = {
  error_rate_5m: { label: 'Error rate, 5 min', unit: '%' },
  request_latency_p95: { label: 'Request latency, p95', unit: 'ms' },
  sync_lag_sec: { label: 'Sync lag', unit: 's' },
  memory_usage: { label: 'Memory', unit: '%' },
  cpu_usage: { label: 'CPU', unit: '%' },
  disk_usage: { label: 'Disk', unit: '%' },
};

/** The figures of an alert; others are read from their names. */
const detail: Record<string, string> = {
  silent_seconds: 'Silent for',
  limit_seconds: 'Limit',
  last_seen_at: 'Last heard',
  percent: 'Share',
  threshold_percent: 'Limit',
  threshold: 'Limit',
  matching: 'Matching',
  samples: 'Samples',
  minimum_samples: 'Samples needed',
  window_minutes: 'Window',
  duration_minutes: 'Has to last',
  event_type: 'Event',
  median_per_hour: 'Usual per hour',
  at: 'Measured',
};
/** What a row of the ledger is about. */
const ledgerTransition: Record<string, string> = {
  opened: 'when it opened',
  acknowledged: 'when it was acknowledged',
  resolved: 'when it was resolved',
  escalated: 'when it escalated',
  unsuppressed: 'when it was no longer muted',
};

/** The catalogue: a language is one file of this shape. Words are those of the vocabulary; the tone is calm. */
export const en = {
  language: 'en',
  product: 'Watchkeeper',
  deviceStatus,
  deviceStatusMeaning,
  severity,
  alertStatus,
  suppressedBy,
  transition,
  role,
  weekday,
  metric,
  detail,
  ledgerTransition,

  count: {
    devices: (n: number) => count(n, 'device', 'devices'),
    more: (n: number) => `${figures.format(n)} more`,
  },

  action: {
    acknowledge: 'Acknowledge',
    resolve: 'Resolve',
    open: 'Open',
    cancel: 'Cancel',
    retry: 'Try again',
    close: 'Close',
    copy: 'Copy',
    copied: 'Copied',
    copyFailed: 'Could not copy; select the text instead.',
    dismiss: 'Dismiss',
    showMore: 'Show more',
    signOut: 'Sign out',
  },

  state: {
    loading: 'Loading',
    unavailable: 'Unavailable',
    never: 'never',
    yes: 'yes',
    no: 'no',
    loadFailed: 'This could not be read.',
    refreshFailed: 'Showing what was last read; reading it again failed.',
    noPermission: (what: Permission) =>
      `Your role does not allow you to ${permission[what] ?? 'do this'}. An owner or admin of this organization can change that.`,
    notFoundTitle: 'There is nothing here.',
    notFoundText: 'It may have been removed or renamed, or it belongs to an organization you cannot see.',
    toOverview: 'Go to the overview',
    crashedTitle: 'This page stopped working.',
    crashedText: 'The rest of the console still works. Reloading the page usually helps.',
    reload: 'Reload',
  },

  problem: {
    network: 'Watchkeeper cannot be reached. Check the connection.',
    unauthenticated: 'Your session has ended. Sign in again.',
    forbidden: 'Your role does not allow this.',
    notFound: 'It no longer exists, or you cannot see it.',
    rateLimited: (seconds: number | undefined) =>
      seconds === undefined
        ? 'Too many attempts. Try again shortly.'
        : `Too many attempts. Try again in ${seconds} s.`,
    unavailable: 'Watchkeeper is busy or restarting. Try again in a moment.',
    changed: 'Somebody else changed this meanwhile. It has been read again.',
    unexpected: 'Something unexpected happened on the server.',
    reference: (id: string) => `Reference ${id}`,
  },

  connection: {
    live: (age: string) => `Live, last signal ${age}`,
    liveQuiet: 'Live',
    connecting: 'Connecting',
    lost: (age: string) => `Connection lost ${age}. Trying again.`,
    lostTitle: 'The connection is lost.',
    lostText: (age: string) =>
      `What you see is from ${age}. It goes on by itself as soon as the connection is back.`,
    back: 'The connection is back.',
    tryNow: 'Try now',
  },

  toasts: { region: 'News' },

  nav: {
    label: 'Main',
    trail: 'Where this belongs',
    skip: 'Skip to the content',
    overview: 'Overview',
    alerts: 'Alerts',
    sites: 'Sites',
    settings: 'Settings',
    openAlerts: (n: number) => count(n, 'alert needs you', 'alerts need you'),
    account: 'Account',
    organization: 'Organization',
    switchOrganization: 'Switch organization',
    apiReference: 'API reference',
  },

  theme: { label: 'Theme', system: 'As the system', light: 'Light', dark: 'Dark' },

  shortcuts: {
    title: 'Keyboard shortcuts',
    goOverview: 'Go to the overview',
    goAlerts: 'Go to alerts',
    goSites: 'Go to sites',
    help: 'Show this list',
    acknowledge: 'Acknowledge the alert',
    resolve: 'Resolve the alert',
    next: 'Next alert',
    previous: 'Previous alert',
    followedBy: 'then',
    enabled: 'Single-key shortcuts',
    enabledHelp: 'Turn off if a speech tool or another keyboard layout triggers them by accident.',
  },

  signIn: {
    title: 'Sign in',
    email: 'E-mail',
    password: 'Password',
    submit: 'Sign in',
    rejected: 'E-mail or password is not right.',
    setupNeeded: 'There is no account yet. Open the one-time setup link that the server printed in its log.',
    lead: 'Then it goes on where you were.',
    showPassword: 'Show password',
    hidePassword: 'Hide password',
    tagline: 'Stands the watch over your places and the systems that run them.',
  },

  setup: {
    title: 'Set up Watchkeeper',
    lead: 'You are the first here. This account becomes the owner.',
    name: 'Your name',
    email: 'E-mail',
    password: 'Password',
    passwordHelp: (min: number) =>
      `At least ${min} characters. A few words in a row are easy to remember and hard to guess.`,
    submit: 'Create the account',
    doneTitle: 'Watchkeeper is already set up.',
    doneText: 'An account exists, so this link has done its work. Sign in instead.',
    missingTitle: 'The setup link is not complete.',
    missingText: 'Open the whole link from the server log. It looks like /setup?token=… and works once.',
  },

  setPassword: {
    title: 'Choose your password',
    lead: 'This link works once. Afterwards you sign in with your e-mail and this password.',
    password: 'New password',
    submit: 'Save and sign in',
    missingTitle: 'The link is not complete.',
    missingText: 'Open the whole link you were given. It works once and for a limited time.',
  },

  overview: {
    title: 'Overview',
    nothingWrong: 'Nothing is wrong.',
    nothingNew: (inHand: number) => `Nothing new. ${spelled(inHand, 'thing is', 'things are')} in hand.`,
    needYou: (n: number) => `${spelled(n, 'thing needs', 'things need')} you.`,
    needYouAt: (n: number, site: string) =>
      n === 1
        ? `One thing needs you at ${site}.`
        : `${spelled(n, 'thing needs', 'things need')} you, all at ${site}.`,
    cannotTell: 'We cannot tell right now.',
    cannotTellText:
      'So many devices went silent at once that the fault may be on our side. Verdicts pause until that is clear; nothing is resolved meanwhile.',
    notWatching: 'Heartbeats are not being taken in right now. Verdicts pause until they are.',
    nothingWatched: 'Nothing is being watched yet.',
    firstSite:
      'Start with a site: a location, store, club or client. Devices come next, and the first heartbeat takes a minute.',
    noDevices: 'Your site is ready. Add its first device, and its heartbeat shows up here by itself.',
    lastChecked: (age: string) => `Last checked ${age}.`,
    fine: (fine: number, total: number, sites: number) =>
      `${figures.format(fine)} of ${count(total, 'device', 'devices')} fine at ${count(sites, 'site', 'sites')}`,
    inHandCount: (n: number) => `${figures.format(n)} acknowledged`,
    mutedCount: (n: number) => `${figures.format(n)} muted`,
    needsYou: 'Needs you',
    inHand: 'In hand',
    muted: 'Muted, for your information',
    moreAlerts: (n: number) => `${count(n, 'more alert', 'more alerts')} in the list`,
    sites: 'Sites',
    allSites: 'All sites',
    lastHour: 'The last hour',
    quietHour: 'Nothing changed in the last hour.',
    siteNeedsYou: 'Needs you',
    siteTrouble: 'In trouble',
    siteFine: 'All fine',
    siteUnknown: 'Unknown',
    siteEmpty: 'No devices yet',
    siteMaintenance: 'Maintenance',
    lastSignal: (age: string) => `last signal ${age}`,
    noSignal: 'no signal yet',
    of: (n: number, status: string) => `${figures.format(n)} ${status.toLowerCase()}`,
    addSite: 'Add a site',
    addDevice: 'Add a device',
  },

  alert: {
    listTitle: 'Alerts',
    openFor: (duration: string) => `open ${duration}`,
    acknowledgedBy: (who: string) => `Acknowledged by ${who}`,
    lasted: (duration: string) => `lasted ${duration}`,
    values: 'The values',
    rule: 'Rule',
    severity: 'Severity',
    site: 'Site',
    type: 'Type',
    openedAt: 'Opened',
    acknowledgedAt: 'Acknowledged',
    escalatedAt: 'Escalated',
    resolvedAt: 'Resolved',
    reason: 'Reason',
    timeline: 'What happened',
    told: 'Who was told',
    notTold: 'Not told',
    toldNobody: 'Nobody has been told yet.',
    noLedger: 'No channel was involved so far.',
    toldBy: (recipient: string, channel: string) => `${recipient} by ${channel}`,
    notification: { pending: 'on its way', failed: 'could not be told' },
    attempts: (n: number) => count(n, 'attempt', 'attempts'),
    together: (n: number) => `one message for ${n} alerts`,
    about: 'About this alert',
    resolveTitle: 'Resolve this alert',
    resolveText:
      'It closes for everybody. If the condition still holds, a new alert opens after the cooldown.',
    resolveReason: 'What was the reason?',
    resolveReasonHelp: 'One line is enough. It stands in the timeline and the audit log.',
    resolveReasonMissing: 'Please say why in a few words.',
    acknowledged: (title: string) => `Acknowledged: ${title}`,
    resolved: (title: string) => `Resolved: ${title}`,
    acknowledgeFailed: 'The acknowledgement did not arrive, so the alert is open again.',
    resolveFailed: 'The alert could not be resolved.',
    arrived: (title: string) => `New alert: ${title}`,
    filter: 'Show',
    show: { active: 'Active', acknowledged: 'Acknowledged', resolved: 'Resolved' },
    emptyActive: 'Nothing is wrong.',
    emptyActiveText: 'Alerts that need you appear here by themselves.',
    emptyOther: 'No such alerts.',
    atSite: (site: string) => `at ${site}`,
    clearSite: 'All sites',
    deviceNow: 'The device now',
    by: (who: string) => `by ${who}`,
    timeZoneNote: (zone: string) => `Times in ${zone}`,
  },

  site: {
    listTitle: 'Sites',
    listSentence: (n: number) => (n === 0 ? 'No sites yet.' : `${spelled(n, 'site', 'sites')} under watch.`),
    empty: 'No sites yet.',
    emptyText: 'A site is a location, store, club or client site. Its slug is what heartbeats call store_id.',
    add: 'Add a site',
    addTitle: 'Add a site',
    addLead: 'A location, store, club or client site, with its own time zone.',
    name: 'Name',
    namePlaceholder: 'Dartmouth',
    slug: 'Slug',
    slugHelp: 'Heartbeats call it store_id. It cannot be changed lightly later.',
    timezone: 'Time zone',
    timezoneNow: (clock: string) => `It is ${clock} there now.`,
    submit: 'Add the site',
    added: (name: string) => `${name} is added. Now give it a device.`,
    devices: 'Devices',
    noArea: 'No area',
    noDevices: 'No devices here yet.',
    noDevicesText: 'Add the first one: you get a token and a ready line to send its heartbeat with.',
    alwaysOpen: 'Open around the clock',
    openUntil: (clock: string) => `Open until ${clock}`,
    openNow: 'Open now',
    closedUntil: (when: string) => `Closed until ${when}`,
    closed: 'Closed',
    openingHours: 'Opening hours',
    closedDay: 'Closed',
    today: 'today',
    localTime: (clock: string, zone: string) => `${clock} local time, ${zone}`,
    fine: 'All fine.',
    someUnknown: (n: number) => `${spelled(n, 'device is', 'devices are')} unknown to us right now.`,
    needsYou: (n: number) => `${spelled(n, 'thing needs', 'things need')} you here.`,
    trouble: (n: number) => `${spelled(n, 'device is', 'devices are')} not fine.`,
    noSignalYet: 'No device has been heard yet.',
    alerts: 'Open alerts',
  },

  device: {
    addTitle: 'Add a device',
    addLead: 'Anything that can send a heartbeat: a PC, a gate, a tablet, a service.',
    noSites: 'A device stands at a site. Add the site first.',
    site: 'Site',
    area: 'Area',
    name: 'Name',
    namePlaceholder: 'Bay 4 PC',
    slug: 'Slug',
    slugHelp: 'Heartbeats call it device_id.',
    type: 'Type',
    noType: 'No type',
    typeHelp: 'Says how often it is expected and how it is checked.',
    submit: 'Add the device',
    addedTitle: (name: string) => `${name} is added.`,
    tokenTitle: 'Its token',
    tokenText: 'Shown this once. Keep it on the device; it can be replaced at any time.',
    curlTitle: 'Send its first heartbeat',
    curlText: 'Paste this into a terminal on the device. It works as it stands.',
    waiting: 'Listening for the first heartbeat.',
    waitingText: 'This page notices it by itself.',
    arrived: 'The first heartbeat has arrived.',
    arrivedText: (age: string) => `${age}. The device is under watch from now on.`,
    openDevice: 'Open the device',
    addAnother: 'Add another device',
    sentence: (name: string, status: DeviceStatus) =>
      status === 'maintenance'
        ? `${name} is in maintenance.`
        : `${name} is ${deviceStatus[status].toLowerCase()}.`,
    statusSince: (status: string, duration: string) => `${status} for ${duration}`,
    neverSeen: 'Never heard from. Send the first heartbeat, and this page notices it.',
    lastHeartbeat: (age: string) => `Last heartbeat ${age}`,
    values: 'Last values',
    noValues: 'Its heartbeats carry no figures.',
    history: 'Heartbeats',
    historyEmpty: 'No heartbeats in this time.',
    historyTable: 'The figures as a table',
    range: 'Range',
    ranges: { 1: '1 h', 6: '6 h', 24: '24 h', 168: '7 days' },
    resolution: (text: string) => `Resolution: ${text}`,
    resolutions: { raw: 'every heartbeat', '5m': '5 minutes', '1h': '1 hour', '1d': '1 day' },
    figure: 'Figure',
    gap: 'Seconds between heartbeats',
    chartSummary: (label: string, points: number, low: string, high: string) =>
      `${label}: ${figures.format(points)} points, from ${low} to ${high}.`,
    chartTime: 'Time',
    alerts: 'Open alerts',
    noAlerts: 'No open alerts',
    about: 'About this device',
    appVersion: 'Version',
    skew: 'Clock difference',
    skewNone: 'none to speak of',
    skewAhead: (duration: string) => `${duration} ahead of ours`,
    skewBehind: (duration: string) => `${duration} behind ours`,
    dependsOn: 'Depends on',
    created: 'Added',
    provisioned: 'by its first heartbeat',
    sourceHeartbeat: 'Heartbeat',
    sendTitle: 'Send a heartbeat by hand',
    sendText: 'Put the token of this device in place of TOKEN. It was shown when the device was added.',
    sequence: 'Sequence',
  },

  settings: {
    title: 'Settings',
    sentence: 'Your account and this organization.',
    account: 'Your account',
    appearance: 'Appearance',
    organization: 'Organization',
    members: 'Members',
    you: 'you',
    name: 'Name',
    slug: 'Slug',
    slugHelp: 'Heartbeats call it tenant_id.',
    email: 'E-mail',
    yourRole: 'Your role',
    provider: 'Provider: may act in every organization',
  },

  organizations: {
    title: 'Choose an organization',
    none: 'You do not belong to an organization yet.',
    noneText: 'Ask the person who set up Watchkeeper to add you as a member.',
  },
};
