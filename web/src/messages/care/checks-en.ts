import type { CheckStatus, ProbeOutcome } from '@watchkeeper/contracts/checks';
import type { PingPhase, ReceivedPing } from '@watchkeeper/contracts/pings';

const plural = new Intl.PluralRules('en');
const small = ['No', 'One', 'Two', 'Three', 'Four', 'Five', 'Six', 'Seven', 'Eight', 'Nine', 'Ten'];
const figures = new Intl.NumberFormat('en');

function count(n: number, one: string, many: string): string {
  return `${figures.format(n)} ${plural.select(n) === 'one' ? one : many}`;
}
function spelled(n: number, one: string, many: string): string {
  return `${small[n] ?? figures.format(n)} ${n === 1 ? one : many}`;
}

const status: Record<CheckStatus, string> = {
  pending: 'Not run yet',
  up: 'Up',
  down: 'Down',
  unknown: 'Unknown',
};
const outcome: Record<ProbeOutcome, string> = { ok: 'Passed', failed: 'Failed', unable: 'Could not look' };
const phase: Record<PingPhase, string> = {
  new: 'Has never checked in',
  up: 'Checked in on time',
  late: 'Late, within its grace',
  down: 'Missing, or it said that it failed',
  started: 'A run is under way',
  overrunning: 'A run takes too long',
  paused: 'Switched off',
};
const pingKind: Record<ReceivedPing['kind'], string> = {
  success: 'Success',
  start: 'Start',
  fail: 'Failure',
  log: 'Note',
  ignored: 'Does not count',
};
const pingSource: Record<ReceivedPing['source'], string> = {
  healthchecks: 'ping URL',
  uptime_kuma: 'Uptime Kuma push',
  gatus: 'Gatus push',
};

/** Checks: what Watchkeeper goes and looks at by itself. */
export const checksEn = {
  title: 'Checks',
  status,
  outcome,
  off: 'Off',
  list: 'Checks, with state, reason and last result',

  sentence: (down: number, unknown: number, total: number) => {
    if (total === 0) return 'No checks yet.';
    if (down > 0) return `${spelled(down, 'check is', 'checks are')} down.`;
    if (unknown > 0) return `We cannot tell for ${count(unknown, 'check', 'checks')}.`;
    return total === 1 ? 'The one check is up.' : `All ${figures.format(total)} checks are up.`;
  },
  sentenceFiltered: (n: number) => `${spelled(n, 'check matches', 'checks match')}.`,
  counts: (up: number, total: number) => `${figures.format(up)} of ${figures.format(total)} up`,
  offCount: (n: number) => `${figures.format(n)} switched off`,
  pendingCount: (n: number) => `${figures.format(n)} not run yet`,
  more: (n: number) => `The first ${figures.format(n)} checks are shown. Search to find others.`,
  empty: 'Nothing is checked yet.',
  emptyText:
    'A check asks a web page, a port, a database or a certificate whether it is well, or waits for a script to call. Add one, and its first result is here within a minute.',
  none: 'No check matches.',
  noneText: 'Try fewer words or another state.',
  add: 'Add a check',

  search: 'Search',
  searchPlaceholder: 'Part of a name or slug',
  anyStatus: 'Any state',
  anyKind: 'Any kind',
  anySite: 'Any site',
  groupBy: 'Group by',
  by: { site: 'By site', kind: 'By kind' },
  noSite: 'No site',

  lastResult: (age: string) => `looked ${age}`,
  lastPing: (age: string) => `called ${age}`,
  noResult: 'no result yet',
  nextRun: (when: string) => `next ${when}`,
  expected: (when: string) => `expected ${when}`,
  ms: (ms: number) => `${figures.format(Math.round(ms * 10) / 10)} ms`,

  chooseTitle: 'What shall be looked at?',
  chooseLead: 'Each kind asks in its own way. Nothing is alerted before it has failed as often as you say.',
  addTitle: (kind: string) => `Add a check: ${kind}`,
  editTitle: (name: string) => `Edit ${name}`,
  what: 'What is looked at',
  where: 'Where it belongs',
  rhythm: 'How often, and when it counts',
  name: 'Name',
  nameMissing: 'Please give it a name.',
  slug: 'Slug',
  slugHelp: 'API calls and the manifest use it.',
  slugMissing: 'Please give it a slug.',
  site: 'Site',
  noSiteChosen: 'None',
  siteHelp: 'Rules and maintenance of a site count for its checks.',
  siteOfDevice: 'The site of the device.',
  device: 'Device',
  devicePlaceholder: 'Part of its name',
  deviceHelp: 'Its type says how often it is checked, and maintenance of it mutes this check.',
  dependsOn: 'Depends on',
  dependsOnHelp: 'While one of these checks is down, this one is not judged: one cause, one alert.',
  dependsOnPlaceholder: 'Part of a check’s name',
  notInList: 'Please choose one from the list.',
  remove: (name: string) => `Remove ${name}`,
  settings: {
    interval: 'Every',
    timeout: 'Wait for an answer',
    retries: 'Further tries in one run',
    alert_after_failures: 'Failed runs in a row until it is down',
    recover_after_successes: 'Good runs in a row until it is up again',
  },
  /** Beside their values, where there is little room. */
  settingsShort: {
    interval: 'Every',
    timeout: 'Waits for',
    retries: 'Further tries',
    alert_after_failures: 'Down after failures',
    recover_after_successes: 'Up after successes',
  },
  inheritFrom: (value: string, from: string) => `Empty: ${value}, ${from}.`,
  fromType: (type: string) => `from the type ${type}`,
  fromDefault: 'the default',
  own: 'its own',
  enabled: 'On',
  enabledHelp: 'Switched off it is not looked at, and its open alert closes.',
  submit: 'Add the check',
  save: 'Save',
  added: (name: string) => `Added: ${name}`,
  saved: (name: string) => `Saved: ${name}`,
  changed: 'Somebody else changed this check meanwhile. It has been read again; please look and save again.',
  startOver: 'Start over from theirs',

  down: (name: string) => `${name} is down.`,
  up: (name: string) => `${name} is up.`,
  unknown: (name: string) => `We cannot tell whether ${name} is up.`,
  pending: (name: string) => `${name} has not been looked at yet.`,
  isOff: (name: string) => `${name} is switched off.`,
  statusFor: (word: string, duration: string) => `${word} for ${duration}`,
  failures: (n: number, needed: number) =>
    `${count(n, 'failed run', 'failed runs')} of ${figures.format(needed)} in a row`,
  edit: 'Edit',
  switchOn: 'Switch on',
  openSource: 'Open its source',
  switchOff: 'Switch off',
  switchedOn: (name: string) => `Switched on: ${name}`,
  switchedOff: (name: string) => `Switched off: ${name}`,
  delete: 'Delete',
  deleted: (name: string) => `Deleted: ${name}`,
  deleteFailed: 'The check could not be deleted.',
  alerts: 'Its open alerts',

  run: 'Run now',
  running: 'Looking',
  runTitle: 'Run by hand',
  runText:
    'It goes and looks this moment, and shows every step. A scheduled run follows at once and is what counts.',
  runLog: 'Every step of this run',
  runAt: (age: string) => `run ${age}`,
  attempts: (n: number) => count(n, 'attempt', 'attempts'),
  details: 'What it found',

  uptimeTitle: 'Uptime',
  byHours: 'While the site is open',
  windows: { '24h': '24 hours', '7d': '7 days', '30d': '30 days', '90d': '90 days' } as Record<
    string,
    string
  >,
  uptimeDays: 'The last 90 days, day by day',
  uptimeDaysTable: 'Day by day, as a table',
  uptimeDaysSummary: (share: string, days: number) =>
    `Uptime day by day over ${figures.format(days)} days: ${share}.`,
  uptimeFormula: 'How this is counted',
  timeUnknown: 'unknown',
  timeMaintenance: 'in maintenance',
  outages: 'Outages',
  day: (day: string, words: string) => `${day}: ${words}`,
  uptime: 'Latest runs',
  uptimeEmpty: 'There are no results yet.',
  uptimeShare: (share: string) => `${share} of the runs passed`,
  uptimeSummary: (share: string, runs: number, from: string, to: string) =>
    `${share} of ${count(runs, 'run', 'runs')} passed, from ${from} to ${to}.`,
  bar: (from: string, to: string, words: string) => `${from} to ${to}: ${words}`,
  barOk: (n: number) => `${figures.format(n)} passed`,
  barFailed: (n: number) => `${figures.format(n)} failed`,
  barUnable: (n: number) => `${figures.format(n)} could not look`,
  barNone: 'no run',
  uptimeTable: 'The runs as a table',

  timings: 'Where the time goes',
  timingsEmpty: 'No run has been timed yet.',
  phases: {
    dns: 'Name look-up',
    connect: 'Connection',
    tls: 'TLS',
    wait: 'Waiting for the first byte',
    rest: 'The rest',
  },
  phaseTotal: 'Total',
  timingsSummary: (runs: number, median: string, slowest: string) =>
    `Time of ${count(runs, 'run', 'runs')} by phase, stacked: the median is ${median}, the slowest ${slowest}.`,
  median: 'Median',
  slowest: 'Slowest',
  timingsTable: 'The times as a table',
  tableCut: (n: number) => `The latest ${figures.format(n)} are shown; the file has all.`,
  csv: 'CSV',
  time: 'Time',

  results: 'Last results',
  resultsEmpty: 'No results yet. The first one comes within a minute.',
  showAll: 'All',
  onlyFailed: 'Only failed',
  noFailures: 'None failed in what is kept.',

  about: 'About this check',
  kind: 'Kind',
  inherited: (value: string, from: string) => `${value}, ${from}`,
  secretSet: 'set, never shown',
  created: 'Added',

  ping: {
    title: 'Its address',
    text: 'Call it when the job is done. Nothing else is needed: no account, no key.',
    secret: 'Its address is shown to those who may change checks.',
    curl: 'At the end of a script',
    moreLines: 'Other ways to call it',
    standing: 'How it stands',
    cron: 'In a crontab',
    start: 'With the time a run takes',
    fail: 'When it failed, or with the exit status',
    push: 'As Uptime Kuma is pushed to',
    phase,
    phaseLabel: 'Now',
    expectedAt: 'Expected',
    alarmAt: 'Counts as down',
    lastPing: 'Last call',
    lastDuration: 'Last run took',
    runs: 'Runs under way',
    total: 'Calls in all',
    log: 'Last calls',
    logEmpty: 'Nobody has called yet. Run the line above once to try it.',
    kind: pingKind,
    source: pingSource,
    exit: (status: number) => `exit status ${status}`,
    bytes: (n: number) => `${count(n, 'byte', 'bytes')}`,
    from: (address: string) => `from ${address}`,
    body: 'What it sent',
  },
};
