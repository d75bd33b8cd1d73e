import type { MatchField, ObservedState } from '@watchkeeper/contracts/sources';
import { count, figures, spelled } from './words';

const observed: Record<ObservedState, string> = {
  online: 'Online',
  offline: 'Offline',
  unknown: 'Unknown',
  missing: 'No longer listed',
};
const matchedBy: Record<MatchField, string> = {
  name: 'Same name',
  hostname: 'Same host name',
  mac: 'Same MAC address',
};

/** How many sources there are, by how they are. */
export type SourceCounts = Readonly<
  Record<'silent' | 'failing' | 'unsure' | 'waiting' | 'off' | 'total', number>
>;

/** Third parties that are read in bulk, and what they know. */
export const sources = {
  title: 'Sources',
  list: 'Connected sources',
  lead: 'Other systems that know the state of your devices. They are read in bulk, and their word counts for five minutes.',
  sentence: ({ silent, failing, unsure, waiting, off, total }: SourceCounts) => {
    if (total === 0) return 'No source is connected yet.';
    if (total === off) return total === 1 ? 'The one source is off.' : 'All sources are off.';
    if (silent > 0) return `${spelled(silent, 'source is', 'sources are')} silent.`;
    if (failing > 0) return `${spelled(failing, 'new source', 'new sources')} could not be read yet.`;
    if (unsure > 0) return `${spelled(unsure, 'source has', 'sources have')} not answered lately.`;
    if (waiting > 0) return `${spelled(waiting, 'source has', 'sources have')} not been read yet.`;
    if (off > 0) return 'Every source that is on answers.';
    return total === 1 ? 'The one source answers.' : `All ${figures.format(total)} sources answer.`;
  },
  counts: (linked: number, objects: number) =>
    objects === 0
      ? 'nothing listed yet'
      : `${count(objects, 'object', 'objects')}, ${figures.format(linked)} linked to devices`,
  empty: 'Connect a third party.',
  emptyText:
    'An RMM, a door system or a network console sees your devices too. Connect one, link its objects to your devices, and it becomes a second opinion.',
  add: 'Add a source',

  /** How it is, before "for 3 h". */
  answering: 'Answering',
  silent: 'Silent',
  failing: 'Failing',
  unsure: 'Not answering lately',
  waiting: 'Not read yet',
  off: 'Off',
  stateFor: (word: string, duration: string) => `${word} for ${duration}`,
  lastReading: (age: string) => `read ${age}`,
  neverRead: 'never read',
  nextReading: (when: string) => `next reading ${when}`,

  chooseTitle: 'Which other system knows your devices?',
  chooseLead: 'We only read from it and never change anything there.',
  addTitle: (kind: string) => `Add a source: ${kind}`,
  editTitle: (name: string) => `Edit ${name}`,
  access: 'How it is reached',
  rhythm: 'How often it is read',
  name: 'Name',
  nameMissing: 'Please give it a name.',
  slug: 'Slug',
  slugHelp: 'API calls and the manifest use it. It cannot be changed later.',
  slugMissing: 'Please give it a slug.',
  interval: 'Every',
  intervalHelp: 'From 15s to 4m, because its word counts for five minutes.',
  timeout: 'Time for one reading',
  timeoutHelp: 'From 1s to 2m.',
  alertAfter: 'Failed readings in a row until one alert',
  alertAfterHelp: 'One alert for the source, none for each of its devices.',
  site: 'Site',
  siteHelp: 'Rules and maintenance of a site apply to it too.',
  noSite: 'None',
  enabled: 'On',
  enabledHelp: 'When off, it is not read, and its devices are judged without it.',
  secretMissing: 'Please enter it.',
  secretAgain: 'Please enter it again: the address has changed.',
  addressChanged: 'The address has changed, so its secret is needed again.',
  addressChangedText:
    'A stored secret is sent only to the address it was entered for. Otherwise an editor could send it anywhere.',
  submit: 'Add the source',
  save: 'Save',
  added: (name: string) => `Added: ${name}`,
  saved: (name: string) => `Saved: ${name}`,
  changed: 'Somebody else changed this source in the meantime.',
  startOver: 'Start again from their version',

  isAnswering: (name: string) => `${name} answers.`,
  isSilent: (name: string) => `${name} is silent.`,
  isFailing: (name: string) => `${name} could not be read yet.`,
  isUnsure: (name: string) => `${name} has not answered lately.`,
  isWaiting: (name: string) => `${name} has not been read yet.`,
  isOff: (name: string) => `${name} is switched off.`,
  tried: (failed: number, needed: number) =>
    `Tried ${figures.format(failed)} of ${figures.format(needed)} times before it counts as down and opens one alert.`,
  lastFailed: 'The last reading failed.',
  stillBelieved: (when: string) => `Its last report stops counting ${when}.`,
  noLongerBelieved: 'Its last report is too old to count.',
  silentText: 'Devices known only to this source are then unknown, never offline.',
  oneAlert: 'There is one alert, for the source.',
  askedToWait: (when: string) => `It asked us to wait. The next reading is ${when}.`,

  test: 'Test now',
  testTitle: 'Read by hand',
  testText:
    'Reads the source now and shows every step and answer. Data that was read counts at once; a failure counts only in the scheduled reading that follows.',
  readings: 'All readings',
  edit: 'Edit',
  delete: 'Delete',
  deleteTitle: (name: string) => `Delete ${name}?`,
  deleteText: 'Its access and all its data are deleted. This cannot be undone.',
  deleteNone: 'No check of a device uses it.',
  deleteChecks: (n: number) =>
    `${spelled(n, 'check loses', 'checks lose')} this source. They stay, and say that the source is gone:`,
  andMore: (n: number) => `and ${figures.format(n)} more`,
  deleteDo: 'Delete the source',
  deleted: (name: string) => `Deleted: ${name}`,

  settings: 'Settings',
  every: 'Read every',
  within: 'Time for one reading',
  alertAt: 'One alert after',
  failedReadings: (n: number) => count(n, 'failed reading', 'failed readings'),
  secretSet: 'set, never shown',

  objects: 'What it knows',
  objectsLead:
    'An object counts only after somebody confirms which device it is. Suggestions alone do not count.',
  search: 'Search',
  searchPlaceholder: 'Part of a name, host name or id',
  show: 'Show',
  shows: { all: 'All', open: 'Not linked', linked: 'Linked' },
  groups: {
    suggested: (n: number) => `Look like a device of yours: ${figures.format(n)}`,
    open: (n: number) => `No device looks like them: ${figures.format(n)}`,
    linked: (n: number) => `Linked: ${figures.format(n)}`,
  },
  noObjects: 'It has listed nothing yet.',
  noObjectsText: 'Its objects appear here after the first successful reading. “Test now” reads it at once.',
  noMatch: 'Nothing matches.',
  noMatchText: 'Try fewer words or show all.',
  more: (n: number) => `Show ${figures.format(n)} more`,
  capped: (n: number) => `The first ${figures.format(n)} are shown. Search to find others.`,
  observed,
  since: (state: string, duration: string) => `${state} for ${duration}`,
  staleWord: (age: string) => `Too old to count, seen ${age}`,
  matchedBy,
  noDevice: 'A check without a device',
  select: (name: string) => `Select ${name}`,
  selectAll: 'Select all suggestions',
  selectNone: 'Select none',
  link: 'Link',
  linkOne: (object: string, device: string) => `Link ${object} to ${device}`,
  linkSelected: (n: number) => `Link ${figures.format(n)} selected`,
  choose: 'Choose a device',
  chooseFor: (object: string) => `Which device is ${object}?`,
  chooseText: 'From then on, a check judges the device by the word of this source.',
  device: 'Device',
  devicePlaceholder: 'Part of its name',
  deviceMissing: 'Please choose one from the list.',
  otherDevice: 'Another device',
  /** The same, where there is little room. */
  other: 'Other',
  unlink: 'Unlink',
  unlinkOne: (object: string, device: string) => `Unlink ${object} from ${device}`,
  linked: (object: string, device: string) => `Linked: ${object} is ${device}`,
  linkedMany: (n: number) => `${spelled(n, 'object', 'objects')} linked`,
  linkFailed: (n: number, reason: string) =>
    `${spelled(n, 'object was', 'objects were')} not linked. ${reason}`,
  unlinked: (object: string) => `Unlinked: ${object}`,
  unlinkFailed: 'It could not be unlinked.',
};
