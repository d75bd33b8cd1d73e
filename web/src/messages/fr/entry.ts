import type { entry as inEnglish } from '../en/entry';

export const entry: typeof inEnglish = {
  signIn: {
    title: 'Connexion',
    email: 'E-mail',
    password: 'Mot de passe',
    submit: 'Se connecter',
    rejected: 'L’e-mail ou le mot de passe n’est pas correct.',
    setupNeeded:
      'Il n’y a pas encore de compte. Ouvrez le lien à usage unique que le serveur a écrit dans son journal.',
    lead: 'Vous reprendrez ensuite là où vous étiez.',
    showPassword: 'Afficher le mot de passe',
    hidePassword: 'Masquer le mot de passe',
    tagline: 'Veille sur vos lieux et sur les systèmes qui les font vivre.',
  },

  setup: {
    title: 'Installer Watchkeeper',
    lead: 'Vous êtes la première personne ici. Ce compte devient propriétaire.',
    name: 'Votre nom',
    email: 'E-mail',
    password: 'Mot de passe',
    passwordHelp: (min) =>
      `Au moins ${min} caractères. Quelques mots à la suite se retiennent bien et se devinent mal.`,
    submit: 'Créer le compte',
    doneTitle: 'Watchkeeper est déjà installé.',
    doneText: 'Un compte existe, ce lien a fait son travail. Connectez-vous.',
    missingTitle: 'Le lien d’installation n’est pas complet.',
    missingText:
      'Ouvrez le lien entier du journal du serveur. Il ressemble à /setup?token=… et sert une seule fois.',
  },

  setPassword: {
    title: 'Choisir votre mot de passe',
    lead: 'Ce lien sert une seule fois. Ensuite, vous vous connectez avec votre e-mail et ce mot de passe.',
    password: 'Nouveau mot de passe',
    submit: 'Enregistrer et se connecter',
    missingTitle: 'Le lien n’est pas complet.',
    missingText: 'Ouvrez le lien entier que vous avez reçu. Il sert une seule fois, pour un temps limité.',
  },
};
