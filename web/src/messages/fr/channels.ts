import type { channels as inEnglish } from '../en/channels';
import { figures, spelled } from './words';

export const channels: typeof inEnglish = {
  channel: {
    title: 'Canaux',
    sentence: (on, failing) =>
      on === 0
        ? 'Personne ne serait prévenu.'
        : failing === 0
          ? `${spelled(on, '', 'Un canal prévient', 'canaux préviennent')} les personnes.`
          : `${spelled(failing, '', 'Un canal n’a pas pu être joint', 'canaux n’ont pas pu être joints')} la dernière fois.`,
    lead: 'Où vont les alertes : chaque canal prévient un endroit, à partir d’une gravité.',
    empty: 'Pas encore de canaux.',
    emptyText: 'Sans canal, qui ne regarde pas cet écran n’est prévenu d’aucune alerte.',
    list: 'Tous les canaux',
    add: 'Ajouter un canal',
    chooseTitle: 'Comment prévenir les personnes ?',
    chooseLead: 'Vous pouvez le tester avant que quoi que ce soit en dépende.',
    addTitle: (label) => `Ajouter un canal : ${label}`,
    name: 'Nom',
    namePlaceholder: 'Équipe de nuit',
    nameMissing: 'Donnez-lui un nom.',
    minSeverity: 'À partir de cette gravité',
    minSeverityHelp: 'Les alertes moins graves ne sont pas signalées ici.',
    escalationOnly: 'Pour les escalades seulement',
    escalationOnlyHelp: 'Prévenu seulement quand une règle escalade vers lui.',
    enabled: 'Activé',
    enabledHelp: 'Désactivé, il garde ses réglages et ne prévient personne.',
    settings: 'Réglages',
    submit: 'Ajouter le canal',
    save: 'Enregistrer',
    saved: (name) => `Enregistré : ${name}`,
    added: (name) => `${name} est ajouté.`,
    addedText: 'Envoyez un test maintenant, pour que la première vraie alerte ne soit pas le test.',
    changed:
      'Quelqu’un d’autre a modifié ce canal entre-temps. La lecture a été refaite ; vérifiez et enregistrez à nouveau.',
    shownOnceTitle: 'Son secret de signature',
    shownOnceText: 'Affiché cette seule fois. Le destinataire s’en sert pour vérifier nos messages.',
    callbackTitle: 'Boutons dans ses messages',
    callbackText:
      'Les alertes portent des boutons pour les acquitter et les résoudre. Saisissez cette adresse là où l’autre côté demande où signaler un bouton pressé (dans Slack : votre app, Interactivity, Request URL).',
    secretReplaced: 'Le nouveau secret de signature',
    on: 'Activé',
    off: 'Désactivé',
    healthy: 'Joint',
    failing: 'Non joint',
    untried: 'Rien n’est encore arrivé',
    lastResult: 'Dernier message',
    from: (severity) => `À partir de ${severity}`,
    escalations: 'Escalades seulement',
    usedBy: (rules) => `nommé par ${rules}`,
    usedFor: 'Sert pour',
    unavailable: 'Non disponible ici',
    environment: 'Défini par le serveur',
    environmentText:
      'Des variables du serveur décident de ses réglages et de son activation. Le nom et la gravité se modifient ici.',
    test: 'Envoyer un test',
    testTitle: 'Test',
    testLead:
      'Envoie un vrai message maintenant et montre ce que l’autre côté répond. Aucun nouvel essai n’est fait.',
    testOutcome: { sent: 'Il est arrivé', retry: 'Pas maintenant', permanent: 'Refusé' },
    testTook: (ms) => `${figures.format(ms)} ms`,
    testStatus: (status) => `statut ${status}`,
    testAt: (age) => `Testé ${age}`,
    recipient: 'À',
    answer: 'La réponse',
    noAnswer: 'pas de réponse',
    rotate: 'Remplacer le secret de signature',
    rotateTitle: 'Remplacer le secret de signature ?',
    rotateText:
      'L’ancien cesse de fonctionner aussitôt. Les destinataires ont besoin du nouveau pour vérifier nos messages.',
    rotateDo: 'Remplacer',
    delete: 'Supprimer',
    deleteTitle: (name) => `Supprimer ${name} ?`,
    deleteText: 'Il ne prévient plus personne. Ce qu’il a signalé reste dans le registre.',
    deleteUsed: (rules) =>
      `Ces règles le nomment : ${rules}. Là où il est seul, tous les autres canaux le remplacent.`,
    deleteDo: 'Supprimer le canal',
    deleted: (name) => `Supprimé : ${name}`,
    ledger: 'Ce qu’il a signalé',
  },
};
