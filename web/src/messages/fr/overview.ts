import type { overview as inEnglish } from '../en/overview';
import { count, figures, spelled } from './words';

export const overview: typeof inEnglish = {
  overview: {
    title: 'Vue d’ensemble',
    nothingWrong: 'Tout va bien.',
    nothingNew: (inHand) =>
      `Rien de nouveau. ${spelled(inHand, 'Rien n’est', 'Un point est', 'points sont')} en cours.`,
    needYou: (n) =>
      `${spelled(n, 'Rien ne demande', 'Un point demande', 'points demandent')} votre attention.`,
    needYouAt: (n, site) =>
      n === 1
        ? `Un point demande votre attention à ${site}.`
        : `${spelled(n, 'Rien ne demande', '', 'points demandent')} votre attention, tous à ${site}.`,
    cannotTell: 'Impossible à dire pour le moment.',
    cannotTellText:
      'Tant d’appareils se sont tus à la fois que la panne est peut-être de notre côté. D’ici là, aucun verdict n’est rendu et rien n’est résolu.',
    notWatching: 'Les signaux de vie ne sont pas reçus en ce moment. D’ici là, aucun verdict n’est rendu.',
    nothingWatched: 'Rien n’est encore surveillé.',
    firstSite:
      'Commencez par un site : un lieu, un magasin, un club ou un client. Viennent ensuite les appareils ; le premier signal de vie prend une minute.',
    noDevices:
      'Votre site est prêt. Ajoutez son premier appareil ; son signal de vie apparaît ici de lui-même.',
    lastChecked: (age) => `Dernier contrôle ${age}.`,
    fine: (fine, total, sites) =>
      `${figures.format(fine)} sur ${count(total, 'appareil', 'appareils')} en ordre, ${count(sites, 'site', 'sites')}`,
    inHandCount: (n) => count(n, 'acquittée', 'acquittées'),
    mutedCount: (n) => count(n, 'muette', 'muettes'),
    needsYou: 'Demande votre attention',
    inHand: 'En cours',
    muted: 'Muettes, pour information',
    moreAlerts: (n) => `${count(n, 'autre alerte', 'autres alertes')} dans la liste`,
    sites: 'Sites',
    allSites: 'Tous les sites',
    lastHour: 'La dernière heure',
    quietHour: 'Rien n’a changé dans la dernière heure.',
    /** How a site is, in one word. */
    standing: {
      needs_you: 'Demande votre attention',
      in_hand: 'En cours',
      under_maintenance: 'En maintenance',
      empty: 'Pas encore d’appareils',
      trouble: 'En difficulté',
      muted: 'En sourdine',
      unknown: 'Inconnu',
      fine: 'Tout va bien',
    },
    lastSignal: (age) => `dernier signal ${age}`,
    noSignal: 'pas encore de signal',
    checkLate: (age) =>
      `Dernier contrôle ${age}. L’état affiché a pu changer depuis ; aucun verdict n’est rendu avant la reprise.`,
    wasBlind: (age) => `La veille a commencé ${age} ; ce qui a précédé n’a pas été vu.`,
    back: 'Donne de nouveau signe de vie',
    of: (n, status) => `${figures.format(n)} ${status.toLowerCase()}`,
    addSite: 'Ajouter un site',
    addDevice: 'Ajouter un appareil',
  },

  wall: {
    title: 'Tableau mural',
    leave: 'Quitter le tableau mural',
    stale: (age) => `Dernière lecture ${age}.`,
    staleText: 'La connexion est perdue. La suite reprend d’elle-même.',
    more: (n) => `et ${figures.format(n)} de plus`,
    alerts: 'Alertes ouvertes',
    sites: 'Sites',
    open: 'Tableau mural',
  },

  firstRun: {
    addChannel: 'Ajouter un canal',
    title: 'Quatre étapes vers la première veille',
    site: 'Ajouter un site',
    siteText: 'Un lieu, un magasin, un club ou un client, avec son fuseau horaire.',
    device: 'Ajouter un appareil',
    deviceText: 'Vous recevez un jeton et une ligne prête pour un terminal.',
    heartbeat: 'Envoyer son premier signal de vie',
    heartbeatText: 'Collez la ligne. Cette page s’en aperçoit d’elle-même.',
    channel: 'Dire qui est prévenu',
    channelText: 'E-mail, Slack ou webhook, avec un test qui montre la vraie réponse.',
    done: 'fait',
    next: 'à suivre',
    listening: 'En attente du premier signal de vie.',
  },

  runningWork: {
    title: 'En maintenance',
    at: (reason, place) => `${reason}, ${place}`,
    all: (reason) => `${reason}, partout`,
    everywhere: 'Tous les sites',
    until: (age) => `Fin ${age}.`,
    muted: 'Les alertes de ce qui est couvert sont notées sans prévenir personne.',
    told: 'Les alertes sont annoncées comme toujours.',
  },
};
