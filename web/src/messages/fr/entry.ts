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
      `Au moins ${min} caractères, dont un chiffre et un caractère spécial comme une espace ou un point. Quelques mots à la suite se retiennent bien et se devinent mal.`,
    passwordGap: (min) => ({
      length: `au moins ${min} caractères`,
      number: 'un chiffre',
      special: 'un caractère spécial comme une espace ou un point',
    }),
    passwordLacks: (missing) => `Il manque encore : ${missing.join(', ')}.`,
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
    endedTitle: 'Ce lien n’est plus valable.',
    endedText:
      'Il a été utilisé, il est trop ancien ou il a été remplacé. Demandez-en un nouveau à qui vous l’a donné.',
  },

  invitation: {
    title: (organization) => `Rejoindre ${organization}`,
    newcomer: (by, role, email) =>
      `${by} vous invite (${role}). Choisissez un mot de passe pour ${email} ; ce lien sert une seule fois.`,
    lead: (by, role, email) =>
      `${by} invite ${email} (${role}). Le compte existe déjà : la personne répond elle-même, connectée.`,
    accept: 'Accepter',
    decline: 'Refuser',
    declined: (organization) => `Vous avez refusé de rejoindre ${organization}.`,
    another: (email) => `Vous êtes connecté avec ${email}, et cette invitation est pour quelqu’un d’autre.`,
    signOut: 'Se déconnecter et continuer',
    listTitle: 'Invitations pour vous',
    listText: 'Pour accepter, ouvrez le lien que vous avez reçu avec.',
    asked: (by, role, until) => `par ${by}, rôle : ${role}, jusqu’à ${until}`,
  },
};
