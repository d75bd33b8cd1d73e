import type { entry as inEnglish } from '../en/entry';

export const entry: typeof inEnglish = {
  signIn: {
    title: 'Anmelden',
    email: 'E-Mail',
    password: 'Passwort',
    submit: 'Anmelden',
    rejected: 'E-Mail oder Passwort stimmt nicht.',
    setupNeeded:
      'Es gibt noch kein Konto. Öffnen Sie den einmaligen Link, den der Server in sein Log geschrieben hat.',
    lead: 'Danach geht es dort weiter, wo Sie waren.',
    showPassword: 'Passwort zeigen',
    hidePassword: 'Passwort verbergen',
    tagline: 'Hält Wache über Ihre Orte und die Systeme, die sie betreiben.',
  },

  setup: {
    title: 'Watchkeeper einrichten',
    lead: 'Sie sind die erste Person hier. Dieses Konto wird Inhaber.',
    name: 'Ihr Name',
    email: 'E-Mail',
    password: 'Passwort',
    passwordHelp: (min) =>
      `Mindestens ${min} Zeichen, darunter eine Zahl und ein Sonderzeichen wie ein Leerzeichen oder ein Punkt. Ein paar Wörter hintereinander merkt man sich leicht und errät man schwer.`,
    passwordGap: (min) => ({
      length: `mindestens ${min} Zeichen`,
      number: 'eine Zahl',
      special: 'ein Sonderzeichen wie ein Leerzeichen oder ein Punkt',
    }),
    passwordLacks: (missing) => `Noch fehlt: ${missing.join(', ')}.`,
    submit: 'Konto anlegen',
    doneTitle: 'Watchkeeper ist schon eingerichtet.',
    doneText: 'Es gibt ein Konto, dieser Link hat ausgedient. Bitte anmelden.',
    missingTitle: 'Der Link ist nicht vollständig.',
    missingText:
      'Öffnen Sie den ganzen Link aus dem Server-Log. Er sieht aus wie /setup?token=… und gilt einmal.',
  },

  setPassword: {
    title: 'Passwort wählen',
    lead: 'Dieser Link gilt einmal. Danach melden Sie sich mit E-Mail und diesem Passwort an.',
    password: 'Neues Passwort',
    submit: 'Speichern und anmelden',
    missingTitle: 'Der Link ist nicht vollständig.',
    missingText: 'Öffnen Sie den ganzen Link, den Sie bekommen haben. Er gilt einmal und nur eine Zeit lang.',
    endedTitle: 'Dieser Link gilt nicht mehr.',
    endedText:
      'Er wurde benutzt, ist zu alt oder wurde ersetzt. Bitten Sie um einen neuen, wer ihn Ihnen gegeben hat.',
  },

  invitation: {
    title: (organization) => `${organization} beitreten`,
    newcomer: (by, role, email) =>
      `${by} lädt Sie ein (${role}). Wählen Sie ein Passwort für ${email}; dieser Link gilt einmal.`,
    lead: (by, role, email) =>
      `${by} lädt ${email} ein (${role}). Das Konto gibt es schon, also antwortet die Person selbst, angemeldet.`,
    accept: 'Annehmen',
    decline: 'Ablehnen',
    declined: (organization) => `Sie haben die Einladung zu ${organization} abgelehnt.`,
    another: (email) => `Sie sind als ${email} angemeldet, und diese Einladung gilt jemand anderem.`,
    signOut: 'Abmelden und weiter',
    listTitle: 'Einladungen an Sie',
    listText: 'Zum Annehmen öffnen Sie den Link, den Sie dazu bekommen haben.',
    asked: (by, role, until) => `von ${by}, als ${role}, bis ${until}`,
  },
};
