import type { sources as inEnglish } from '../en/sources';
import { figures } from './words';

const small = ['Aucune', 'Une', 'Deux', 'Trois', 'Quatre', 'Cinq', 'Six', 'Sept', 'Huit', 'Neuf', 'Dix'];

function count(n: number, one: string, many: string): string {
  return `${figures.format(n)} ${n < 2 ? one : many}`;
}
function spelled(n: number, one: string, many: string): string {
  return `${small[n] ?? figures.format(n)} ${n < 2 ? one : many}`;
}

const matchedBy = { name: 'Même nom', hostname: 'Même nom d’hôte', mac: 'Même adresse MAC' };

export const sources: typeof inEnglish = {
  title: 'Sources',
  list: 'Sources connectées',
  lead: 'D’autres savent comment vont vos appareils. Elles sont lues en bloc, et crues pendant cinq minutes.',
  sentence: ({ silent, failing, unsure, waiting, off, total }) => {
    if (total === 0) return 'Aucune autre source n’est encore interrogée.';
    if (total === off)
      return total === 1 ? 'La seule source est désactivée.' : 'Toutes les sources sont désactivées.';
    if (silent > 0) return `${spelled(silent, 'source se tait', 'sources se taisent')}.`;
    if (failing > 0)
      return `${spelled(failing, 'nouvelle source n’a pas encore pu être lue', 'nouvelles sources n’ont pas encore pu être lues')}.`;
    if (unsure > 0)
      return `${spelled(unsure, 'source n’a pas répondu', 'sources n’ont pas répondu')} dernièrement.`;
    if (waiting > 0)
      return `${spelled(waiting, 'source n’a', 'sources n’ont')} pas encore été ${waiting === 1 ? 'lue' : 'lues'}.`;
    if (off > 0) return 'Chaque source active répond.';
    return total === 1 ? 'La seule source répond.' : `Les ${figures.format(total)} sources répondent.`;
  },
  counts: (linked, objects) =>
    objects === 0
      ? 'rien de cité encore'
      : `${count(objects, 'objet', 'objets')}, ${count(linked, 'relié à un appareil', 'reliés à des appareils')}`,
  empty: 'Connectez un tiers.',
  emptyText:
    'Un RMM, un système de portes ou une console réseau voit aussi vos appareils. Connectez-en un, dites quel objet est quel appareil, et il devient un second témoin.',
  add: 'Ajouter une source',

  answering: 'Répond',
  silent: 'Se tait',
  failing: 'Échoue',
  unsure: 'Sans réponse dernièrement',
  waiting: 'Pas encore lue',
  off: 'Désactivée',
  stateFor: (word, duration) => `${word} depuis ${duration}`,
  lastReading: (age) => `lue ${age}`,
  neverRead: 'jamais lue',
  nextReading: (when) => `prochaine lecture ${when}`,

  chooseTitle: 'Qui d’autre connaît vos appareils ?',
  chooseLead: 'Toutes sont seulement lues. Rien n’y est jamais modifié.',
  addTitle: (kind) => `Ajouter une source : ${kind}`,
  editTitle: (name) => `Modifier ${name}`,
  access: 'Comment la joindre',
  rhythm: 'À quel rythme la lire',
  name: 'Nom',
  nameMissing: 'Donnez-lui un nom.',
  slug: 'Slug',
  slugHelp: 'Les appels d’API et le manifeste l’utilisent. Il ne change plus.',
  slugMissing: 'Donnez-lui un slug.',
  interval: 'Toutes les',
  intervalHelp: 'De 15s à 4m, car sa parole vaut cinq minutes.',
  timeout: 'Temps pour une lecture',
  timeoutHelp: 'De 1s à 2m.',
  alertAfter: 'Lectures manquées de suite avant une alerte',
  alertAfterHelp: 'Une alerte pour la source, aucune pour chacun de ses appareils.',
  site: 'Site',
  siteHelp: 'Les règles et la maintenance d’un site valent aussi pour elle.',
  noSite: 'Aucun',
  enabled: 'Activée',
  enabledHelp: 'Désactivée, elle n’est pas lue, et ses appareils sont jugés sans elle.',
  secretMissing: 'Saisissez-le.',
  secretAgain: 'Saisissez-le de nouveau : l’adresse a changé.',
  addressChanged: 'L’adresse a changé : son secret est de nouveau nécessaire.',
  addressChangedText:
    'Un secret gardé n’est envoyé que là où il était destiné. Sinon, qui peut modifier pourrait le faire envoyer n’importe où.',
  submit: 'Ajouter la source',
  save: 'Enregistrer',
  added: (name) => `Ajoutée : ${name}`,
  saved: (name) => `Enregistrée : ${name}`,
  changed: 'Quelqu’un d’autre a modifié cette source entre-temps.',
  startOver: 'Repartir de sa version',

  isAnswering: (name) => `${name} répond.`,
  isSilent: (name) => `${name} se tait.`,
  isFailing: (name) => `${name} n’a pas encore pu être lue.`,
  isUnsure: (name) => `${name} n’a pas répondu dernièrement.`,
  isWaiting: (name) => `${name} n’a pas encore été lue.`,
  isOff: (name) => `${name} est désactivée.`,
  tried: (failed, needed) =>
    `${figures.format(failed)} essai(s) sur ${figures.format(needed)} avant d’être déclarée en panne, avec une seule alerte.`,
  lastFailed: 'La dernière lecture a échoué.',
  stillBelieved: (when) => `Sa dernière parole cesse de valoir ${when}.`,
  noLongerBelieved: 'Sa dernière parole est trop ancienne pour être crue.',
  silentText: 'Les appareils que nul autre ne connaît sont alors inconnus, jamais hors ligne.',
  oneAlert: 'Il y a une seule alerte, pour la source.',
  askedToWait: (when) => `Elle nous a demandé d’attendre. La prochaine lecture est ${when}.`,

  test: 'Tester maintenant',
  testTitle: 'Lue à la main',
  testText:
    'Elle est lue à l’instant, étape par étape, avec sa propre réponse. Ce qui est lu compte aussitôt ; un échec compte avec la lecture planifiée qui suit.',
  readings: 'Toutes les lectures',
  edit: 'Modifier',
  delete: 'Supprimer',
  deleteTitle: (name) => `Supprimer ${name} ?`,
  deleteText: 'Son accès et ce qu’elle a dit sont supprimés et ne peuvent être rétablis.',
  deleteNone: 'Aucun contrôle d’appareil ne s’appuie sur elle.',
  deleteChecks: (n) =>
    n === 1
      ? 'Un contrôle perd sa parole. Il reste, et dit que la source manque :'
      : `${figures.format(n)} contrôles perdent sa parole. Ils restent, et disent que la source manque :`,
  andMore: (n) => `et ${figures.format(n)} de plus`,
  deleteDo: 'Supprimer la source',
  deleted: (name) => `Supprimée : ${name}`,

  settings: 'Réglages',
  every: 'Lue toutes les',
  within: 'Temps pour une lecture',
  alertAt: 'Une alerte après',
  failedReadings: (n) => count(n, 'lecture manquée', 'lectures manquées'),
  secretSet: 'défini, jamais montré',

  objects: 'Ce qu’elle connaît',
  objectsLead:
    'Un objet compte dès que quelqu’un confirme de quel appareil il s’agit. Les suggestions ne comptent pas.',
  search: 'Recherche',
  searchPlaceholder: 'Partie d’un nom, nom d’hôte ou identifiant',
  show: 'Afficher',
  shows: { all: 'Tous', open: 'Non reliés', linked: 'Reliés' },
  groups: {
    suggested: (n) => `Ressemblent à un de vos appareils : ${figures.format(n)}`,
    open: (n) => `Aucun appareil ne leur ressemble : ${figures.format(n)}`,
    linked: (n) => `Reliés : ${figures.format(n)}`,
  },
  noObjects: 'Elle n’a encore rien cité.',
  noObjectsText:
    'Ce qu’elle connaît apparaît après la première lecture réussie. « Tester maintenant » la lit aussitôt.',
  noMatch: 'Rien ne correspond.',
  noMatchText: 'Essayez moins de mots, ou affichez tout.',
  more: (n) => `En afficher ${figures.format(n)} de plus`,
  capped: (n) => `Les ${figures.format(n)} premiers sont affichés. La recherche trouve les autres.`,
  observed: {
    online: 'En ligne',
    offline: 'Hors ligne',
    unknown: 'Inconnu',
    missing: 'N’est plus cité',
  },
  since: (state, duration) => `${state} depuis ${duration}`,
  staleWord: (age) => `Trop ancien pour être cru, vu ${age}`,
  matchedBy,
  noDevice: 'Un contrôle sans appareil',
  select: (name) => `Sélectionner ${name}`,
  selectAll: 'Sélectionner toutes les suggestions',
  selectNone: 'Ne rien sélectionner',
  link: 'Relier',
  linkOne: (object, device) => `Relier ${object} à ${device}`,
  linkSelected: (n) => `Relier la sélection (${figures.format(n)})`,
  choose: 'Choisir un appareil',
  chooseFor: (object) => `Quel appareil est ${object} ?`,
  chooseText: 'Dès lors, un contrôle juge l’appareil selon ce que cette source en dit.',
  device: 'Appareil',
  devicePlaceholder: 'Partie de son nom',
  deviceMissing: 'Choisissez-en un dans la liste.',
  otherDevice: 'Un autre appareil',
  other: 'Autre',
  unlink: 'Délier',
  unlinkOne: (object, device) => `Délier ${object} de ${device}`,
  linked: (object, device) => `Relié : ${object} est ${device}`,
  linkedMany: (n) => count(n, 'objet relié', 'objets reliés'),
  linkFailed: (n, reason) =>
    `${count(n, 'objet n’a pas été relié', 'objets n’ont pas été reliés')}. ${reason}`,
  unlinked: (object) => `Délié : ${object}`,
  unlinkFailed: 'Il n’a pas pu être délié.',
};
