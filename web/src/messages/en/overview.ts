import { count, figures, spelled } from './words';

export const overview = {
  overview: {
    title: 'Overview',
    nothingWrong: 'Nothing is wrong.',
    nothingNew: (inHand: number) =>
      `Nothing new. ${spelled(inHand, 'thing is', 'things are')} being handled.`,
    needYou: (n: number) => `${spelled(n, 'thing needs', 'things need')} you.`,
    needYouAt: (n: number, site: string) =>
      n === 1
        ? `One thing needs you at ${site}.`
        : `${spelled(n, 'thing needs', 'things need')} you, all at ${site}.`,
    cannotTell: 'We cannot tell right now.',
    cannotTellText:
      'So many devices went silent at once that the fault may be on our side. We judge nothing until that is clear, and resolve nothing in the meantime.',
    notWatching: 'Heartbeats are not being received right now. We judge nothing until they are.',
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
    /** How a site is, in one word. */
    standing: {
      needs_you: 'Needs you',
      in_hand: 'In hand',
      under_maintenance: 'Under maintenance',
      empty: 'No devices yet',
      trouble: 'In trouble',
      muted: 'Muted',
      unknown: 'Unknown',
      fine: 'All fine',
    },
    lastSignal: (age: string) => `last signal ${age}`,
    noSignal: 'no signal yet',
    checkLate: (age: string) =>
      `The last check was ${age}. This may have changed since then. We judge nothing until checks continue.`,
    wasBlind: (age: string) => `The watch began ${age}; we know nothing of the time before.`,
    back: 'Reports again',
    of: (n: number, status: string) => `${figures.format(n)} ${status.toLowerCase()}`,
    addSite: 'Add a site',
    addDevice: 'Add a device',
  },

  wall: {
    title: 'Wallboard',
    leave: 'Leave the wallboard',
    stale: (age: string) => `Last read ${age}.`,
    staleText: 'The connection is lost. It updates by itself as soon as it is back.',
    more: (n: number) => `and ${figures.format(n)} more`,
    alerts: 'Open alerts',
    sites: 'Sites',
    open: 'Wallboard',
  },

  firstRun: {
    addChannel: 'Add a channel',
    title: 'Four steps to your first watched device',
    site: 'Add a site',
    siteText: 'A location, store, club or client, with its time zone.',
    device: 'Add a device',
    deviceText: 'You get a token and one line to paste into a terminal.',
    heartbeat: 'Send its first heartbeat',
    heartbeatText: 'Paste the line. This page notices it by itself.',
    channel: 'Choose who is told',
    channelText: 'E-mail, Slack or a webhook, with a test that shows the real answer.',
    done: 'done',
    next: 'next',
    listening: 'Listening for the first heartbeat.',
  },

  /** Planned work under way, shown wherever it is about. */
  runningWork: {
    title: 'In maintenance',
    at: (reason: string, place: string) => `${reason} at ${place}`,
    all: (reason: string) => `${reason}, everywhere`,
    everywhere: 'All sites',
    until: (age: string) => `Ends ${age}.`,
    muted: 'Alerts of the covered systems are recorded, but nobody is told.',
    told: 'Alerts are told as usual.',
  },
};
