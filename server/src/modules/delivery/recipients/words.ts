import type { RecipientLanguage } from './language.ts';

/** All words that recipients read, in mails and on pages. `org`: the name of the organization. */
export interface RecipientWords {
  readonly mail: {
    readonly title: string;
    /** `what` they asked for, as its topic calls it. */
    readonly lead: (org: string, what: string, address: string) => string;
    readonly notYou: string;
    readonly valid: (hours: number) => string;
    readonly link: string;
  };
  readonly unsubscribe: string;
  readonly page: {
    readonly confirm: PageWords;
    readonly unsubscribe: PageWords;
    readonly expired: Told;
    readonly invalid: Told;
  };
}

/** One sentence in large letters, and one below it. */
export interface Told {
  readonly title: string;
  readonly text: string;
}

export interface PageWords {
  readonly title: string;
  /** `{org}` and `{address}` stand for what they name. */
  readonly text: string;
  readonly button: string;
  readonly done: Told;
}

const en: RecipientWords = {
  mail: {
    title: 'Please confirm your address',
    lead: (org, what, address) =>
      `Somebody, probably you, asked ${org} to send messages to ${address}: ${what}.`,
    notYou: 'If it was not you, do nothing. Without your confirmation nothing is sent.',
    valid: (hours) => `The link works for ${hours} hours.`,
    link: 'Confirm the address',
  },
  unsubscribe: 'Unsubscribe',
  page: {
    confirm: {
      title: 'Confirm your address',
      text: '{org} would like to send messages to {address}. It does so only when you confirm it here.',
      button: 'Confirm',
      done: {
        title: 'Your address is confirmed.',
        text: '{org} sends its messages to {address} from now on.',
      },
    },
    unsubscribe: {
      title: 'Unsubscribe?',
      text: '{org} then sends you no more of these messages to {address}.',
      button: 'Unsubscribe',
      done: { title: 'You are unsubscribed.', text: '{org} sends you no more of these messages.' },
    },
    expired: {
      title: 'This link has run out.',
      text: 'Please subscribe again where you did before. You will get a new link.',
    },
    invalid: {
      title: 'This link does not work.',
      text: 'It is not complete, or no longer valid. Please use the link of the newest message.',
    },
  },
};

const de: RecipientWords = {
  mail: {
    title: 'Bitte bestätigen Sie Ihre Adresse',
    lead: (org, what, address) =>
      `Jemand, wahrscheinlich Sie, hat ${org} gebeten, Nachrichten an ${address} zu senden: ${what}.`,
    notYou: 'Wenn Sie es nicht waren, tun Sie nichts. Ohne Ihre Bestätigung wird nichts gesendet.',
    valid: (hours) => `Der Link gilt ${hours} Stunden.`,
    link: 'Adresse bestätigen',
  },
  unsubscribe: 'Abbestellen',
  page: {
    confirm: {
      title: 'Adresse bestätigen',
      text: '{org} möchte Nachrichten an {address} senden. Das geschieht nur, wenn Sie es hier bestätigen.',
      button: 'Bestätigen',
      done: {
        title: 'Ihre Adresse ist bestätigt.',
        text: '{org} sendet seine Nachrichten ab jetzt an {address}.',
      },
    },
    unsubscribe: {
      title: 'Abbestellen?',
      text: '{org} sendet Ihnen dann keine dieser Nachrichten mehr an {address}.',
      button: 'Abbestellen',
      done: {
        title: 'Sie haben die Nachrichten abbestellt.',
        text: '{org} sendet Ihnen keine dieser Nachrichten mehr.',
      },
    },
    expired: {
      title: 'Dieser Link ist abgelaufen.',
      text: 'Bitte melden Sie sich dort noch einmal an, wo Sie es getan haben. Sie bekommen einen neuen Link.',
    },
    invalid: {
      title: 'Dieser Link funktioniert nicht.',
      text: 'Er ist nicht vollständig oder nicht mehr gültig. Bitte nehmen Sie den Link der neuesten Nachricht.',
    },
  },
};

const fr: RecipientWords = {
  mail: {
    title: 'Merci de confirmer votre adresse',
    lead: (org, what, address) =>
      `Quelqu’un, sans doute vous, a demandé à ${org} d’envoyer des messages à ${address} : ${what}.`,
    notYou: 'Si ce n’était pas vous, ne faites rien. Sans votre confirmation, rien n’est envoyé.',
    valid: (hours) => `Le lien est valable ${hours} heures.`,
    link: 'Confirmer l’adresse',
  },
  unsubscribe: 'Se désabonner',
  page: {
    confirm: {
      title: 'Confirmer votre adresse',
      text: '{org} souhaite envoyer des messages à {address}. Cela n’arrive que si vous le confirmez ici.',
      button: 'Confirmer',
      done: {
        title: 'Votre adresse est confirmée.',
        text: '{org} envoie désormais ses messages à {address}.',
      },
    },
    unsubscribe: {
      title: 'Se désabonner ?',
      text: '{org} ne vous enverra alors plus ces messages à {address}.',
      button: 'Se désabonner',
      done: { title: 'Vous êtes désabonné.', text: '{org} ne vous envoie plus ces messages.' },
    },
    expired: {
      title: 'Ce lien a expiré.',
      text: 'Merci de vous inscrire de nouveau là où vous l’aviez fait. Vous recevrez un nouveau lien.',
    },
    invalid: {
      title: 'Ce lien ne fonctionne pas.',
      text: 'Il est incomplet, ou n’est plus valable. Merci d’utiliser le lien du message le plus récent.',
    },
  },
};

export const recipientWords: Readonly<Record<RecipientLanguage, RecipientWords>> = { en, de, fr };
