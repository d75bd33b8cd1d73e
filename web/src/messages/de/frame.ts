import type { frame as inEnglish } from '../en/frame';
import { permission } from './vocabulary';
import { count, ended, figures } from './words';

export const frame: typeof inEnglish = {
  language: 'de',

  product: 'Watchkeeper',

  count: {
    devices: (n) => count(n, 'Gerät', 'Geräte'),
    more: (n) => `${figures.format(n)} weitere`,
  },

  action: {
    acknowledge: 'Quittieren',
    resolve: 'Beheben',
    open: 'Öffnen',
    cancel: 'Abbrechen',
    retry: 'Erneut versuchen',
    close: 'Schließen',
    copy: 'Kopieren',
    copied: 'Kopiert',
    copyFailed: 'Kopieren ging nicht; bitte den Text markieren.',
    dismiss: 'Ausblenden',
    showMore: 'Mehr zeigen',
    undo: 'Rückgängig',
    signOut: 'Abmelden',
  },

  state: {
    loading: 'Wird geladen',
    unavailable: 'Nicht verfügbar',
    never: 'nie',
    yes: 'ja',
    no: 'nein',
    loadFailed: 'Das ließ sich nicht lesen.',
    refreshFailed: 'Gezeigt wird der letzte Stand; neu lesen ging nicht.',
    noPermission: (what) =>
      `Ihre Rolle erlaubt nicht, ${permission[what]}. Ein Inhaber oder Admin dieser Organisation kann das ändern.`,
    notFoundTitle: 'Hier ist nichts.',
    notFoundText:
      'Vielleicht wurde es entfernt oder umbenannt, oder es gehört einer Organisation, die Sie nicht sehen.',
    toOverview: 'Zur Übersicht',
    pageNotHere: 'Diese Seite ist noch nicht da.',
    pageNotHereText:
      'Ihr Code konnte nicht geholt werden. Sie kommt von selbst, sobald Watchkeeper antwortet.',
    crashedTitle: 'Diese Seite arbeitet nicht mehr.',
    crashedText: 'Der Rest der Konsole läuft weiter. Neu laden hilft meistens.',
    changedTitle: 'Inzwischen geändert',
    changedText:
      'Jemand anders hat hier gespeichert, während Sie daran waren. Von Ihnen ist noch nichts gespeichert.',
    changedReload: 'Jetzigen Stand laden',
    reload: 'Neu laden',
  },

  problem: {
    network: 'Watchkeeper ist nicht erreichbar. Bitte die Verbindung prüfen.',
    unauthenticated: 'Ihre Sitzung ist beendet. Bitte neu anmelden.',
    forbidden: 'Ihre Rolle erlaubt das nicht.',
    notFound: 'Es ist nicht mehr da, oder Sie können es nicht sehen.',
    rateLimited: (seconds) =>
      seconds === undefined
        ? 'Zu viele Versuche. Bitte gleich noch einmal.'
        : `Zu viele Versuche. Bitte in ${seconds} s noch einmal.`,
    storageFull:
      'Die Platte der Datenbank ist voll: Nichts Neues wird behalten, bis wieder Platz ist. Gespeichertes lässt sich weiterhin lesen.',
    unavailable: 'Watchkeeper ist beschäftigt oder startet neu. Bitte gleich noch einmal.',
    changed: 'Das hat inzwischen jemand anders geändert. Es wurde neu gelesen.',
    stillSignedIn: 'Sie sind noch angemeldet.',
    unexpected: 'Auf dem Server ist etwas Unerwartetes geschehen.',
    reference: (id) => `Kennung ${id}`,
  },

  connection: {
    live: (age) => `Live, letztes Signal ${age}`,
    liveQuiet: 'Live',
    connecting: 'Verbindet',
    lost: (age) => `Verbindung verloren ${ended(age)} Neuer Versuch läuft.`,
    lostTitle: 'Die Verbindung ist weg.',
    lostText: (age) =>
      `Der gezeigte Stand ist von ${ended(age)} Sobald die Verbindung da ist, geht es von selbst weiter.`,
    back: 'Die Verbindung ist wieder da.',
    tryNow: 'Jetzt versuchen',
  },

  newBuild: {
    title: 'Es gibt eine neue Version.',
    text: 'Sie wird geladen, wenn Sie die Seite wechseln. Was hier eingegeben wurde, ist noch nicht gespeichert.',
    load: 'Jetzt laden',
  },

  toasts: {
    region: 'Neuigkeiten',
    undoFailed: 'Das ließ sich nicht rückgängig machen.',
    undoLast: 'Das Letzte rückgängig machen',
  },

  nav: {
    label: 'Hauptmenü',
    trail: 'Wohin das gehört',
    skip: 'Zum Inhalt',
    overview: 'Übersicht',
    alerts: 'Alarme',
    sites: 'Standorte',
    devices: 'Geräte',
    checks: 'Prüfungen',
    sources: 'Quellen',
    system: 'System',
    maintenance: 'Wartung',
    rules: 'Regeln',
    channels: 'Kanäle',
    ledger: 'Meldebuch',
    settings: 'Einstellungen',
    more: 'Mehr',
    moreTitle: 'Weitere Seiten',
    watchGroup: 'Die Wache',
    setupGroup: 'Wer was erfährt',
    openAlerts: (n) => count(n, 'Alarm braucht Sie', 'Alarme brauchen Sie'),
    account: 'Konto',
    organization: 'Organisation',
    switchOrganization: 'Organisation wechseln',
    apiReference: 'API-Referenz',
  },

  print: { printed: (when, who) => `Gedruckt ${when} von ${who}` },

  theme: { label: 'Darstellung', system: 'Wie das System', light: 'Hell', dark: 'Dunkel' },

  palette: {
    open: 'Suchen',
    label: 'Suche und Befehle',
    placeholder: 'Suchen oder Befehl eingeben',
    results: 'Ergebnisse',
    pages: 'Gehe zu',
    found: 'Gefunden',
    actions: 'Hier',
    organizations: 'Organisation wechseln',
    choices: 'Auswahl',
    none: 'Nichts trägt diese Wörter im Namen.',
    looking: 'Sucht',
    failed: 'Die Suche ließ sich nicht lesen.',
    count: (n) => count(n, 'Ergebnis', 'Ergebnisse'),
    kind: {
      site: 'Standort',
      area: 'Bereich',
      device: 'Gerät',
      alert: 'Alarm',
      incident: 'Vorfall',
      rule: 'Regel',
      channel: 'Kanal',
      check: 'Prüfung',
      source: 'Quelle',
      maintenance: 'Wartung',
      member: 'Mitglied',
    },
    sourceStatus: {
      up: 'Antwortet',
      down: 'Schweigt',
      unknown: 'Zuletzt keine Antwort',
      failing: 'Misslingt',
      pending: 'Noch nicht gelesen',
      off: 'Aus',
    },
    theme: (name) => `Darstellung: ${name}`,
    language: (name) => `Sprache: ${name}`,
    wallboard: 'Wandtafel zeigen',
    print: 'Diese Seite drucken',
  },

  times: {
    zone: 'Zeiten',
    mine: 'In meiner Zeitzone',
    site: 'In der Zeitzone des Standorts',
    style: 'Zeiten zeigen als',
    ages: 'Wie lange her',
    clock: 'Uhrzeit',
    language: 'Sprache',
    asBrowser: 'Wie der Browser',
  },

  shortcuts: {
    title: 'Tastenkürzel',
    goOverview: 'Zur Übersicht',
    goAlerts: 'Zu den Alarmen',
    goSites: 'Zu den Standorten',
    goDevices: 'Zu den Geräten',
    goChecks: 'Zu den Prüfungen',
    goSources: 'Zu den Quellen',
    goMaintenance: 'Zur Wartung',
    goSystem: 'Zum System',
    goRules: 'Zu den Regeln',
    goChannels: 'Zu den Kanälen',
    goLedger: 'Zum Meldebuch',
    goSettings: 'Zu den Einstellungen',
    help: 'Diese Liste zeigen',
    acknowledge: 'Alarm quittieren',
    resolve: 'Alarm beheben',
    choose: 'Alarm auswählen',
    filter: 'Suchen',
    next: 'Nächster Alarm',
    previous: 'Voriger Alarm',
    followedBy: 'dann',
    enabled: 'Kürzel mit einer Taste',
    enabledHelp: 'Ausschalten, wenn eine Spracheingabe oder andere Tastatur sie versehentlich auslöst.',
  },

  organizations: {
    title: 'Organisation wählen',
    none: 'Sie gehören noch keiner Organisation an.',
    noneText: 'Bitten Sie die Person, die Watchkeeper eingerichtet hat, Sie aufzunehmen.',
  },
};
