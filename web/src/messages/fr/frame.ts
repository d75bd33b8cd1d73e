import type { frame as inEnglish } from '../en/frame';
import { permission } from './vocabulary';
import { count, figures } from './words';

export const frame: typeof inEnglish = {
  language: 'fr',

  product: 'Watchkeeper',

  count: {
    devices: (n) => count(n, 'appareil', 'appareils'),
    more: (n) => `${figures.format(n)} de plus`,
  },

  action: {
    acknowledge: 'Acquitter',
    resolve: 'Résoudre',
    open: 'Ouvrir',
    cancel: 'Annuler',
    retry: 'Réessayer',
    close: 'Fermer',
    copy: 'Copier',
    copied: 'Copié',
    copyFailed: 'La copie a échoué ; sélectionnez plutôt le texte.',
    dismiss: 'Masquer',
    showMore: 'Afficher plus',
    undo: 'Annuler l’action',
    signOut: 'Se déconnecter',
  },

  state: {
    loading: 'Chargement',
    unavailable: 'Indisponible',
    never: 'jamais',
    yes: 'oui',
    no: 'non',
    loadFailed: 'La lecture a échoué.',
    refreshFailed: 'Voici le dernier état lu ; la nouvelle lecture a échoué.',
    noPermission: (what) =>
      `Votre rôle ne permet pas ceci : ${permission[what]}. Un propriétaire ou un admin de cette organisation peut le changer.`,
    notFoundTitle: 'Il n’y a rien ici.',
    notFoundText: 'Cela a pu être retiré ou renommé, ou appartient à une organisation que vous ne voyez pas.',
    toOverview: 'Aller à la vue d’ensemble',
    pageNotHere: 'Cette page n’est pas encore là.',
    pageNotHereText:
      'Son code n’a pas pu être chargé. Elle viendra d’elle-même dès que Watchkeeper répondra.',
    crashedTitle: 'Cette page ne fonctionne plus.',
    crashedText: 'Le reste de la console fonctionne encore. Recharger la page suffit en général.',
    changedTitle: 'Modifié entre-temps',
    changedText:
      'Quelqu’un d’autre a enregistré pendant votre saisie. Rien de votre part n’est encore enregistré.',
    changedReload: 'Charger l’état actuel',
    reload: 'Recharger',
  },

  problem: {
    network: 'Watchkeeper est injoignable. Vérifiez la connexion.',
    unauthenticated: 'Votre session est terminée. Connectez-vous à nouveau.',
    forbidden: 'Votre rôle ne le permet pas.',
    notFound: 'Cela n’existe plus, ou vous ne pouvez pas le voir.',
    rateLimited: (seconds) =>
      seconds === undefined
        ? 'Trop d’essais. Réessayez dans un instant.'
        : `Trop d’essais. Réessayez dans ${seconds} s.`,
    storageFull:
      'Le disque de la base de données est plein : rien de nouveau n’est gardé tant qu’il n’y a pas de place. Ce qui est enregistré reste lisible.',
    unavailable: 'Watchkeeper est occupé ou redémarre. Réessayez dans un instant.',
    changed: 'Quelqu’un d’autre l’a modifié entre-temps. La lecture a été refaite.',
    stillSignedIn: 'Vous êtes toujours connecté.',
    unexpected: 'Un imprévu s’est produit sur le serveur.',
    reference: (id) => `Référence ${id}`,
  },

  connection: {
    live: (age) => `En direct, dernier signal ${age}`,
    liveQuiet: 'En direct',
    connecting: 'Connexion en cours',
    lost: (age) => `Connexion perdue ${age}. Nouvel essai en cours.`,
    lostTitle: 'La connexion est perdue.',
    lostText: (age) =>
      `Dernier état reçu ${age}. La suite reprend d’elle-même dès que la connexion est rétablie.`,
    back: 'La connexion est rétablie.',
    tryNow: 'Essayer maintenant',
  },

  newBuild: {
    title: 'Une nouvelle version est prête.',
    text: 'Elle sera chargée quand vous changerez de page. Ce qui est saisi ici n’est pas encore enregistré.',
    load: 'La charger',
  },

  toasts: {
    region: 'Nouvelles',
    undoFailed: 'L’annulation a échoué.',
    undoLast: 'Annuler la dernière action',
  },

  nav: {
    label: 'Navigation principale',
    trail: 'Où cela se trouve',
    skip: 'Aller au contenu',
    overview: 'Aperçu',
    alerts: 'Alertes',
    sites: 'Sites',
    devices: 'Appareils',
    checks: 'Contrôles',
    sources: 'Sources',
    system: 'Système',
    maintenance: 'Maintenance',
    rules: 'Règles',
    channels: 'Canaux',
    ledger: 'Registre',
    settings: 'Réglages',
    more: 'Plus',
    moreTitle: 'Autres pages',
    watchGroup: 'La veille',
    setupGroup: 'Qui est prévenu de quoi',
    openAlerts: (n) => count(n, 'alerte demande votre attention', 'alertes demandent votre attention'),
    account: 'Compte',
    organization: 'Organisation',
    switchOrganization: 'Changer d’organisation',
    apiReference: 'Référence de l’API',
  },

  print: { printed: (when, who) => `Imprimé le ${when} par ${who}` },

  theme: { label: 'Thème', system: 'Comme le système', light: 'Clair', dark: 'Sombre' },

  palette: {
    open: 'Rechercher',
    label: 'Recherche et commandes',
    placeholder: 'Rechercher ou saisir une commande',
    results: 'Résultats',
    pages: 'Aller à',
    found: 'Trouvé',
    actions: 'Ici',
    organizations: 'Changer d’organisation',
    choices: 'Choix',
    none: 'Rien ne porte ces mots dans son nom.',
    looking: 'Recherche en cours',
    failed: 'La recherche a échoué.',
    count: (n) => count(n, 'résultat', 'résultats'),
    kind: {
      site: 'Site',
      area: 'Zone',
      device: 'Appareil',
      alert: 'Alerte',
      incident: 'Incident',
      rule: 'Règle',
      channel: 'Canal',
      check: 'Contrôle',
      source: 'Source',
      maintenance: 'Maintenance',
      member: 'Membre',
    },
    sourceStatus: {
      up: 'Répond',
      down: 'Se tait',
      unknown: 'Sans réponse dernièrement',
      failing: 'Échoue',
      pending: 'Pas encore lue',
      off: 'Désactivée',
    },
    theme: (name) => `Thème : ${name}`,
    language: (name) => `Langue : ${name}`,
    wallboard: 'Afficher le tableau mural',
    print: 'Imprimer cette page',
  },

  times: {
    zone: 'Heures',
    mine: 'Dans mon fuseau horaire',
    site: 'Dans le fuseau horaire du site',
    style: 'Afficher les heures comme',
    ages: 'Temps écoulé',
    clock: 'Heure exacte',
    language: 'Langue',
    asBrowser: 'Comme le navigateur',
  },

  shortcuts: {
    title: 'Raccourcis clavier',
    goOverview: 'Aller à la vue d’ensemble',
    goAlerts: 'Aller aux alertes',
    goSites: 'Aller aux sites',
    goDevices: 'Aller aux appareils',
    goChecks: 'Aller aux contrôles',
    goSources: 'Aller aux sources',
    goMaintenance: 'Aller à la maintenance',
    goSystem: 'Aller au système',
    goRules: 'Aller aux règles',
    goChannels: 'Aller aux canaux',
    goLedger: 'Aller au registre',
    goSettings: 'Aller aux réglages',
    help: 'Afficher cette liste',
    acknowledge: 'Acquitter l’alerte',
    resolve: 'Résoudre l’alerte',
    choose: 'Sélectionner l’alerte',
    filter: 'Rechercher',
    next: 'Alerte suivante',
    previous: 'Alerte précédente',
    followedBy: 'puis',
    enabled: 'Raccourcis à une touche',
    enabledHelp:
      'À désactiver si une saisie vocale ou une autre disposition de clavier les déclenche par accident.',
  },

  organizations: {
    title: 'Choisir une organisation',
    none: 'Vous n’appartenez pas encore à une organisation.',
    noneText: 'Demandez à la personne qui a installé Watchkeeper de vous ajouter comme membre.',
  },
};
