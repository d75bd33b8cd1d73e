import type { channels as inEnglish } from '../en/channels';
import { figures, spelled } from './words';

export const channels: typeof inEnglish = {
  channel: {
    title: 'Kanäle',
    sentence: (on, failing) =>
      on === 0
        ? 'Niemand würde es erfahren.'
        : failing === 0
          ? `${spelled(on, '', 'Ein Kanal meldet', 'Kanäle melden')} an Menschen.`
          : `${spelled(failing, '', 'Ein Kanal war', 'Kanäle waren')} zuletzt nicht erreichbar.`,
    lead: 'Wohin Alarme gehen: jeder Kanal meldet an eine Stelle, ab einer Schwere.',
    empty: 'Noch keine Kanäle.',
    emptyText: 'Ohne Kanal erfährt von einem Alarm nur, wer auf diesen Schirm sieht.',
    list: 'Alle Kanäle',
    add: 'Kanal anlegen',
    chooseTitle: 'Wie sollen Menschen es erfahren?',
    chooseLead: 'Sie können ihn testen, bevor etwas davon abhängt.',
    addTitle: (label) => `Kanal anlegen: ${label}`,
    name: 'Name',
    namePlaceholder: 'Nachtschicht',
    nameMissing: 'Bitte einen Namen geben.',
    minSeverity: 'Ab dieser Schwere',
    minSeverityHelp: 'Leichtere Alarme werden hier nicht gemeldet.',
    escalationOnly: 'Nur für Eskalationen',
    escalationOnlyHelp: 'Erfährt es nur, wenn eine Regel dahin eskaliert.',
    enabled: 'Eingeschaltet',
    enabledHelp: 'Ausgeschaltet behält er seine Einstellungen und meldet niemandem etwas.',
    settings: 'Einstellungen',
    submit: 'Kanal anlegen',
    save: 'Speichern',
    saved: (name) => `Gespeichert: ${name}`,
    added: (name) => `${name} ist angelegt.`,
    addedText: 'Senden Sie jetzt einen Test, damit nicht der erste echte Alarm der Test ist.',
    changed:
      'Jemand anders hat diesen Kanal inzwischen geändert. Er wurde neu gelesen; bitte ansehen und noch einmal speichern.',
    shownOnceTitle: 'Sein Signatur-Geheimnis',
    shownOnceText: 'Nur dieses eine Mal zu sehen. Der Empfänger prüft damit unsere Nachrichten.',
    callbackTitle: 'Knöpfe in den Nachrichten',
    callbackText:
      'Alarme tragen Knöpfe, mit denen man sie quittiert oder als behoben meldet. Tragen Sie diese Adresse dort ein, wo die Gegenseite fragt, wohin sie einen gedrückten Knopf melden soll (in Slack: Ihre App, Interactivity, Request URL).',
    secretReplaced: 'Das neue Signatur-Geheimnis',
    on: 'An',
    off: 'Aus',
    healthy: 'Erreicht',
    failing: 'Nicht erreicht',
    untried: 'Noch nichts angekommen',
    lastResult: 'Letzte Nachricht',
    from: (level) => `Ab ${level}`,
    escalations: 'Nur Eskalationen',
    usedBy: (rules) => `genannt von ${rules}`,
    usedFor: 'Benutzt für',
    unavailable: 'Hier nicht verfügbar',
    environment: 'Vom Server gesetzt',
    environmentText:
      'Variablen des Servers bestimmen seine Einstellungen und ob er an ist. Name und Schwere sind hier zu ändern.',
    test: 'Test senden',
    testTitle: 'Test',
    testLead: 'Sendet jetzt eine echte Nachricht und zeigt, was die Gegenseite antwortet. Ohne Wiederholung.',
    testOutcome: { sent: 'Angekommen', retry: 'Gerade nicht', permanent: 'Abgelehnt' },
    testTook: (ms) => `${figures.format(ms)} ms`,
    testStatus: (status) => `Status ${status}`,
    testAt: (age) => `Getestet ${age}`,
    recipient: 'An',
    answer: 'Die Antwort',
    noAnswer: 'keine Antwort',
    rotate: 'Signatur-Geheimnis ersetzen',
    rotateTitle: 'Signatur-Geheimnis ersetzen?',
    rotateText:
      'Das alte gilt sofort nicht mehr. Empfänger brauchen das neue, um unsere Nachrichten zu prüfen.',
    rotateDo: 'Ersetzen',
    delete: 'Löschen',
    deleteTitle: (name) => `${name} löschen?`,
    deleteText: 'Er meldet niemandem mehr. Was er gemeldet hat, bleibt im Meldebuch.',
    deleteUsed: (rules) =>
      `Diese Regeln nennen ihn: ${rules}. Wo er der einzige ist, springen alle anderen Kanäle ein.`,
    deleteDo: 'Kanal löschen',
    deleted: (name) => `Gelöscht: ${name}`,
    ledger: 'Was er gemeldet hat',
  },
};
