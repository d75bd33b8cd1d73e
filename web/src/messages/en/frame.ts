import type { Permission } from '@watchkeeper/contracts';
import { permission } from './vocabulary';
import { count, figures } from './words';

export const frame = {
  language: 'en',

  product: 'Watchkeeper',

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
    undo: 'Undo',
    signOut: 'Sign out',
  },

  state: {
    loading: 'Loading',
    unavailable: 'Unavailable',
    never: 'never',
    yes: 'yes',
    no: 'no',
    loadFailed: 'This could not be loaded.',
    refreshFailed: 'This is the last version that could be loaded; loading it again failed.',
    noPermission: (what: Permission) =>
      `Your role does not allow you to ${permission[what]}. An owner or admin of this organization can change that.`,
    notFoundTitle: 'There is nothing here.',
    notFoundText: 'It may have been removed or renamed, or it belongs to an organization you cannot see.',
    toOverview: 'Go to the overview',
    pageNotHere: 'This page is not loaded yet.',
    pageNotHereText: 'Its code could not be fetched. It loads by itself as soon as Watchkeeper answers.',
    crashedTitle: 'This page stopped working.',
    crashedText: 'The rest of the console still works. Reloading the page usually helps.',
    changedTitle: 'Changed meanwhile',
    changedText: 'Somebody else saved this while you were editing. Your changes are not saved yet.',
    changedReload: 'Load the present version',
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
    storageFull:
      'The disk of the database is full: nothing new is stored until there is space. What is stored can still be read.',
    unavailable: 'Watchkeeper is busy or restarting. Try again in a moment.',
    changed: 'Somebody else changed this in the meantime. It has been loaded again.',
    stillSignedIn: 'You are still signed in.',
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
      `What you see is from ${age}. It updates by itself as soon as the connection is back.`,
    back: 'The connection is back.',
    tryNow: 'Try now',
  },

  newBuild: {
    title: 'There is a new version.',
    text: 'It is loaded when you go to another page. Your input here is not saved yet.',
    load: 'Load it now',
  },

  toasts: {
    region: 'News',
    undoFailed: 'It could not be undone.',
    undoLast: 'Undo the last thing',
  },

  nav: {
    label: 'Main',
    trail: 'Where this belongs',
    skip: 'Skip to the content',
    overview: 'Overview',
    alerts: 'Alerts',
    sites: 'Sites',
    devices: 'Devices',
    checks: 'Checks',
    sources: 'Sources',
    system: 'System',
    maintenance: 'Maintenance',
    rules: 'Rules',
    channels: 'Channels',
    ledger: 'Ledger',
    settings: 'Settings',
    more: 'More',
    moreTitle: 'More pages',
    watchGroup: 'The watch',
    setupGroup: 'Who hears what',
    openAlerts: (n: number) => count(n, 'alert needs you', 'alerts need you'),
    account: 'Account',
    organization: 'Organization',
    switchOrganization: 'Switch organization',
    apiReference: 'API reference',
  },

  print: { printed: (when: string, who: string) => `Printed ${when} by ${who}` },

  theme: { label: 'Theme', system: 'As the system', light: 'Light', dark: 'Dark' },

  palette: {
    open: 'Search',
    label: 'Search and commands',
    placeholder: 'Search or type a command',
    results: 'Results',
    pages: 'Go to',
    found: 'Found',
    actions: 'Here',
    organizations: 'Switch organization',
    choices: 'Choices',
    none: 'No name contains these words.',
    looking: 'Looking',
    failed: 'The search failed.',
    count: (n: number) => count(n, 'result', 'results'),
    kind: {
      site: 'Site',
      area: 'Area',
      device: 'Device',
      alert: 'Alert',
      rule: 'Rule',
      channel: 'Channel',
      check: 'Check',
      source: 'Source',
      maintenance: 'Maintenance',
      member: 'Member',
    },
    sourceStatus: {
      up: 'Answering',
      down: 'Silent',
      unknown: 'Not answering lately',
      failing: 'Failing',
      pending: 'Not read yet',
      off: 'Off',
    },
    theme: (name: string) => `Theme: ${name}`,
    language: (name: string) => `Language: ${name}`,
    wallboard: 'Show the wallboard',
    print: 'Print this page',
  },

  times: {
    zone: 'Times',
    mine: 'In my time zone',
    site: 'In the time zone of the site',
    style: 'Show times as',
    ages: 'How long ago',
    clock: 'Clock time',
    language: 'Language',
    asBrowser: 'As the browser',
  },

  shortcuts: {
    title: 'Keyboard shortcuts',
    goOverview: 'Go to the overview',
    goAlerts: 'Go to alerts',
    goSites: 'Go to sites',
    goDevices: 'Go to devices',
    goChecks: 'Go to checks',
    goSources: 'Go to sources',
    goMaintenance: 'Go to maintenance',
    goSystem: 'Go to system',
    goRules: 'Go to rules',
    goChannels: 'Go to channels',
    goLedger: 'Go to the ledger',
    goSettings: 'Go to settings',
    help: 'Show this list',
    acknowledge: 'Acknowledge the alert',
    resolve: 'Resolve the alert',
    choose: 'Choose the alert',
    filter: 'Search',
    next: 'Next alert',
    previous: 'Previous alert',
    followedBy: 'then',
    enabled: 'Single-key shortcuts',
    enabledHelp: 'Turn off if a speech tool or another keyboard layout triggers shortcuts by accident.',
  },

  organizations: {
    title: 'Choose an organization',
    none: 'You do not belong to an organization yet.',
    noneText: 'Ask the person who set up Watchkeeper to add you as a member.',
  },
};
