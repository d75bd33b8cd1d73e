import type { overview as inEnglish } from '../en/overview';
import { count, ended, figures, spelled } from './words';

export const overview: typeof inEnglish = {
  overview: {
    title: 'Übersicht',
    nothingWrong: 'Alles in Ordnung.',
    nothingNew: (inHand) => `Nichts Neues. ${spelled(inHand, 'Nichts', 'Eine Sache', 'Dinge')} in Arbeit.`,
    needYou: (n) => `${spelled(n, 'Nichts braucht', 'Eine Sache braucht', 'Dinge brauchen')} Sie.`,
    needYouAt: (n, site) =>
      n === 1
        ? `Eine Sache braucht Sie in ${site}.`
        : `${spelled(n, '', '', 'Dinge brauchen')} Sie, alle in ${site}.`,
    cannotTell: 'Das lässt sich gerade nicht sagen.',
    cannotTellText:
      'So viele Geräte sind zugleich verstummt, dass der Fehler bei uns liegen kann. Bis das klar ist, wird nicht geurteilt und nichts behoben.',
    notWatching: 'Gerade werden keine Heartbeats angenommen. So lange wird nicht geurteilt.',
    nothingWatched: 'Noch wird nichts bewacht.',
    firstSite:
      'Beginnen Sie mit einem Standort: ein Ort, Laden, Club oder Kunde. Dann kommen Geräte; der erste Heartbeat dauert eine Minute.',
    noDevices:
      'Ihr Standort ist bereit. Legen Sie sein erstes Gerät an; sein Heartbeat erscheint hier von selbst.',
    lastChecked: (age) => `Geprüft ${ended(age)}`,
    fine: (fine, total, sites) =>
      `${figures.format(fine)} von ${count(total, 'Gerät', 'Geräten')} in Ordnung an ${count(sites, 'Standort', 'Standorten')}`,
    inHandCount: (n) => `${figures.format(n)} quittiert`,
    mutedCount: (n) => `${figures.format(n)} stumm`,
    needsYou: 'Braucht Sie',
    inHand: 'In Arbeit',
    muted: 'Stumm, zu Ihrer Kenntnis',
    moreAlerts: (n) => `${count(n, 'weiterer Alarm', 'weitere Alarme')} in der Liste`,
    sites: 'Standorte',
    allSites: 'Alle Standorte',
    lastHour: 'Die letzte Stunde',
    quietHour: 'In der letzten Stunde hat sich nichts geändert.',
    /** How a site is, in one word. */
    standing: {
      needs_you: 'Braucht Sie',
      in_hand: 'In Arbeit',
      under_maintenance: 'In Wartung',
      empty: 'Noch keine Geräte',
      trouble: 'Gestört',
      muted: 'Stumm',
      unknown: 'Unbekannt',
      fine: 'Alles gut',
    },
    lastSignal: (age) => `Signal ${age}`,
    noSignal: 'noch kein Signal',
    checkLate: (age) =>
      `Zuletzt geprüft ${ended(age)} Seither kann sich etwas geändert haben; bis es weitergeht, wird nicht geurteilt.`,
    wasBlind: (age) => `Die Wache begann ${age}; was davor geschah, wurde nicht gesehen.`,
    back: 'Meldet sich wieder',
    of: (n, status) => `${figures.format(n)} ${status.toLowerCase()}`,
    addSite: 'Standort anlegen',
    addDevice: 'Gerät anlegen',
  },

  wall: {
    title: 'Wandtafel',
    leave: 'Wandtafel verlassen',
    stale: (age) => `Zuletzt gelesen ${ended(age)}`,
    staleText: 'Die Verbindung ist weg. Es geht von selbst weiter.',
    more: (n) => `und ${figures.format(n)} weitere`,
    alerts: 'Offene Alarme',
    sites: 'Standorte',
    open: 'Wandtafel',
  },

  firstRun: {
    addChannel: 'Kanal anlegen',
    title: 'Vier Schritte zur ersten Wache',
    site: 'Standort anlegen',
    siteText: 'Ein Ort, Laden, Club oder Kunde mit seiner Zeitzone.',
    device: 'Gerät anlegen',
    deviceText: 'Sie bekommen ein Token und eine fertige Zeile fürs Terminal.',
    heartbeat: 'Ersten Heartbeat senden',
    heartbeatText: 'Die Zeile einfügen. Diese Seite merkt es von selbst.',
    channel: 'Sagen, wer es erfährt',
    channelText: 'E-Mail, Slack oder Webhook, mit einem Test, der die echte Antwort zeigt.',
    done: 'erledigt',
    next: 'als Nächstes',
    listening: 'Wartet auf den ersten Heartbeat.',
  },

  runningWork: {
    title: 'In Wartung',
    at: (reason, place) => `${reason}, ${place}`,
    all: (reason) => `${reason}, überall`,
    everywhere: 'Alle Standorte',
    until: (age) => `Endet ${age}.`,
    muted: 'Alarme dazu werden notiert und nicht gemeldet.',
    told: 'Alarme werden gemeldet wie immer.',
  },
};
