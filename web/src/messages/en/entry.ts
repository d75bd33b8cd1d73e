export const entry = {
  signIn: {
    title: 'Sign in',
    email: 'E-mail',
    password: 'Password',
    submit: 'Sign in',
    rejected: 'E-mail or password is not right.',
    setupNeeded: 'There is no account yet. Open the one-time setup link that the server printed in its log.',
    lead: 'Then it goes on where you were.',
    showPassword: 'Show password',
    hidePassword: 'Hide password',
    tagline: 'Stands the watch over your places and the systems that run them.',
  },

  setup: {
    title: 'Set up Watchkeeper',
    lead: 'You are the first here. This account becomes the owner.',
    name: 'Your name',
    email: 'E-mail',
    password: 'Password',
    passwordHelp: (min: number) =>
      `At least ${min} characters. A few words in a row are easy to remember and hard to guess.`,
    submit: 'Create the account',
    doneTitle: 'Watchkeeper is already set up.',
    doneText: 'An account exists, so this link has done its work. Sign in instead.',
    missingTitle: 'The setup link is not complete.',
    missingText: 'Open the whole link from the server log. It looks like /setup?token=… and works once.',
  },

  setPassword: {
    title: 'Choose your password',
    lead: 'This link works once. Afterwards you sign in with your e-mail and this password.',
    password: 'New password',
    submit: 'Save and sign in',
    missingTitle: 'The link is not complete.',
    missingText: 'Open the whole link you were given. It works once and for a limited time.',
  },
};
