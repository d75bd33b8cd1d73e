import type { sources as inEnglish } from '../en/sources';
import { count, figures } from './words';

const small = ['Keine', 'Eine', 'Zwei', 'Drei', 'Vier', 'Fünf', 'Sechs', 'Sieben', 'Acht', 'Neun', 'Zehn'];

function spelled(n: number, one: string, many: string): string {
  return `${small[n] ?? figures.format(n)} ${n === 1 ? one : many}`;
}

const matchedBy = { name: 'Gleicher Name', hostname: 'Gleicher Hostname', mac: 'Gleiche MAC-Adresse' };

export const sources: typeof inEnglish = {
  title: 'Quellen',
  list: 'Verbundene Quellen',
  lead: 'Andere, die wissen, wie es Ihren Geräten geht. Sie werden gesammelt gelesen und fünf Minuten lang geglaubt.',
  sentence: ({ silent, failing, unsure, waiting, off, total }) => {
    if (total === 0) return 'Noch wird keine andere Quelle gefragt.';
    if (total === off) return total === 1 ? 'Die eine Quelle ist aus.' : 'Alle Quellen sind aus.';
    if (silent > 0) return `${spelled(silent, 'Quelle schweigt', 'Quellen schweigen')}.`;
    if (failing > 0)
      return `${spelled(failing, 'neue Quelle konnte', 'neue Quellen konnten')} noch nicht gelesen werden.`;
    if (unsure > 0) return `${spelled(unsure, 'Quelle hat', 'Quellen haben')} zuletzt nicht geantwortet.`;
    if (waiting > 0) return `${spelled(waiting, 'Quelle wurde', 'Quellen wurden')} noch nicht gelesen.`;
    if (off > 0) return 'Jede Quelle, die an ist, antwortet.';
    return total === 1 ? 'Die eine Quelle antwortet.' : `Alle ${figures.format(total)} Quellen antworten.`;
  },
  counts: (linked, objects) =>
    objects === 0
      ? 'noch nichts genannt'
      : `${count(objects, 'Objekt', 'Objekte')}, ${figures.format(linked)} mit Geräten verknüpft`,
  empty: 'Verbinden Sie einen Dritten.',
  emptyText:
    'Auch ein RMM, eine Türanlage oder eine Netzwerkkonsole sieht Ihre Geräte. Verbinden Sie eine davon, sagen Sie, welches Objekt welches Gerät ist, und sie wird zum zweiten Zeugen.',
  add: 'Quelle anlegen',

  answering: 'Antwortet',
  silent: 'Schweigt',
  failing: 'Misslingt',
  unsure: 'Zuletzt keine Antwort',
  waiting: 'Noch nicht gelesen',
  off: 'Aus',
  stateFor: (word, duration) => `${word} seit ${duration}`,
  lastReading: (age) => `gelesen ${age}`,
  neverRead: 'nie gelesen',
  nextReading: (when) => `nächste Lesung ${when}`,

  chooseTitle: 'Wer kennt Ihre Geräte noch?',
  chooseLead: 'Alle werden nur gelesen. Dort wird nie etwas geändert.',
  addTitle: (kind) => `Quelle anlegen: ${kind}`,
  editTitle: (name) => `${name} bearbeiten`,
  access: 'Wie sie erreicht wird',
  rhythm: 'Wie oft sie gelesen wird',
  name: 'Name',
  nameMissing: 'Bitte geben Sie ihr einen Namen.',
  slug: 'Slug',
  slugHelp: 'API-Aufrufe und das Manifest verwenden ihn. Er bleibt.',
  slugMissing: 'Bitte geben Sie ihr einen Slug.',
  interval: 'Alle',
  intervalHelp: 'Von 15s bis 4m, denn ihr Wort gilt fünf Minuten.',
  timeout: 'Zeit für eine Lesung',
  timeoutHelp: 'Von 1s bis 2m.',
  alertAfter: 'Misslungene Lesungen in Folge bis zu einem Alarm',
  alertAfterHelp: 'Ein Alarm für die Quelle, keiner für jedes ihrer Geräte.',
  site: 'Standort',
  siteHelp: 'Regeln und Wartung eines Standorts gelten auch für sie.',
  noSite: 'Keiner',
  enabled: 'An',
  enabledHelp: 'Ausgeschaltet wird sie nicht gelesen, und ihre Geräte werden ohne sie beurteilt.',
  secretMissing: 'Bitte eingeben.',
  secretAgain: 'Bitte erneut eingeben: Die Adresse ist eine andere.',
  addressChanged: 'Die Adresse ist eine andere, darum wird das Geheimnis neu gebraucht.',
  addressChangedText:
    'Ein verwahrtes Geheimnis geht nur dorthin, wofür es gedacht war. Sonst könnte, wer bearbeiten darf, es irgendwohin senden lassen.',
  submit: 'Quelle anlegen',
  save: 'Speichern',
  added: (name) => `Angelegt: ${name}`,
  saved: (name) => `Gespeichert: ${name}`,
  changed: 'Jemand hat diese Quelle inzwischen geändert.',
  startOver: 'Mit deren Stand neu beginnen',

  isAnswering: (name) => `${name} antwortet.`,
  isSilent: (name) => `${name} schweigt.`,
  isFailing: (name) => `${name} konnte noch nicht gelesen werden.`,
  isUnsure: (name) => `${name} hat zuletzt nicht geantwortet.`,
  isWaiting: (name) => `${name} wurde noch nicht gelesen.`,
  isOff: (name) => `${name} ist ausgeschaltet.`,
  tried: (failed, needed) =>
    `${figures.format(failed)} von ${figures.format(needed)} Versuchen, bevor sie als ausgefallen gilt, mit einem Alarm.`,
  lastFailed: 'Die letzte Lesung ist misslungen.',
  stillBelieved: (when) => `Ihr letztes Wort verliert seine Geltung ${when}.`,
  noLongerBelieved: 'Ihr letztes Wort ist zu alt, um geglaubt zu werden.',
  silentText: 'Geräte, die sonst niemand kennt, sind dann unbekannt, nie offline.',
  oneAlert: 'Es gibt einen Alarm, für die Quelle.',
  askedToWait: (when) => `Sie bat uns zu warten. Die nächste Lesung ist ${when}.`,

  test: 'Jetzt testen',
  testTitle: 'Von Hand gelesen',
  testText:
    'Sie wird in diesem Augenblick gelesen, mit jedem Schritt und ihrer eigenen Antwort. Was gelesen wurde, zählt sofort; ein Fehlschlag zählt mit der geplanten Lesung gleich danach.',
  readings: 'Alle Lesungen',
  edit: 'Bearbeiten',
  delete: 'Löschen',
  deleteTitle: (name) => `${name} löschen?`,
  deleteText: 'Ihr Zugang und was sie sagte werden gelöscht und sind nicht zurückzuholen.',
  deleteNone: 'Keine Prüfung eines Geräts richtet sich nach ihr.',
  deleteChecks: (n) =>
    `${spelled(n, 'Prüfung verliert', 'Prüfungen verlieren')} ihr Wort. Sie bleiben und sagen, dass die Quelle fehlt:`,
  andMore: (n) => `und ${figures.format(n)} weitere`,
  deleteDo: 'Quelle löschen',
  deleted: (name) => `Gelöscht: ${name}`,

  settings: 'Einstellungen',
  every: 'Gelesen alle',
  within: 'Zeit für eine Lesung',
  alertAt: 'Ein Alarm nach',
  failedReadings: (n) => count(n, 'misslungener Lesung', 'misslungenen Lesungen'),
  secretSet: 'gesetzt, nie gezeigt',

  objects: 'Was sie kennt',
  objectsLead: 'Ein Objekt zählt, sobald jemand bestätigt, welches Gerät es ist. Vorschläge zählen nicht.',
  search: 'Suche',
  searchPlaceholder: 'Teil von Name, Hostname oder Id',
  show: 'Zeigen',
  shows: { all: 'Alle', open: 'Nicht verknüpft', linked: 'Verknüpft' },
  groups: {
    suggested: (n) => `Sehen wie eines Ihrer Geräte aus: ${figures.format(n)}`,
    open: (n) => `Kein Gerät sieht so aus: ${figures.format(n)}`,
    linked: (n) => `Verknüpft: ${figures.format(n)}`,
  },
  noObjects: 'Sie hat noch nichts genannt.',
  noObjectsText:
    'Was sie kennt, steht hier nach der ersten gelungenen Lesung. „Jetzt testen“ liest sie sofort.',
  noMatch: 'Nichts passt.',
  noMatchText: 'Versuchen Sie weniger Wörter, oder lassen Sie alle zeigen.',
  more: (n) => `${figures.format(n)} weitere zeigen`,
  capped: (n) => `Die ersten ${figures.format(n)} sind zu sehen. Andere findet die Suche.`,
  observed: {
    online: 'Online',
    offline: 'Offline',
    unknown: 'Unbekannt',
    missing: 'Nicht mehr genannt',
  },
  since: (state, duration) => `${state} seit ${duration}`,
  staleWord: (age) => `Zu alt, um geglaubt zu werden, gesehen ${age}`,
  matchedBy,
  noDevice: 'Eine Prüfung ohne Gerät',
  select: (name) => `${name} auswählen`,
  selectAll: 'Alle Vorschläge auswählen',
  selectNone: 'Nichts auswählen',
  link: 'Verknüpfen',
  linkOne: (object, device) => `${object} mit ${device} verknüpfen`,
  linkSelected: (n) => `${figures.format(n)} ausgewählte verknüpfen`,
  choose: 'Gerät wählen',
  chooseFor: (object) => `Welches Gerät ist ${object}?`,
  chooseText: 'Von da an beurteilt eine Prüfung das Gerät danach, was diese Quelle von ihm sagt.',
  device: 'Gerät',
  devicePlaceholder: 'Teil seines Namens',
  deviceMissing: 'Bitte wählen Sie eines aus der Liste.',
  otherDevice: 'Anderes Gerät',
  other: 'Anderes',
  unlink: 'Lösen',
  unlinkOne: (object, device) => `${object} von ${device} lösen`,
  linked: (object, device) => `Verknüpft: ${object} ist ${device}`,
  linkedMany: (n) => `${count(n, 'Objekt', 'Objekte')} verknüpft`,
  linkFailed: (n, reason) => `${count(n, 'Objekt', 'Objekte')} nicht verknüpft. ${reason}`,
  unlinked: (object) => `Gelöst: ${object}`,
  unlinkFailed: 'Es konnte nicht gelöst werden.',
};
