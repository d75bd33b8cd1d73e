export const entry = {
  signIn: {
    title: 'Sign in',
    email: 'E-mail',
    password: 'Password',
    submit: 'Sign in',
    rejected: 'E-mail or password is not right.',
    setupNeeded: 'There is no account yet. Open the one-time setup link that the server printed in its log.',
    lead: 'Then you continue where you were.',
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
      `At least ${min} characters, with a number and a special character such as a space or a dot. A few words in a row are easy to remember and hard to guess.`,
    passwordGap: (min: number) => ({
      length: `at least ${min} characters`,
      number: 'a number',
      special: 'a special character, such as a space or a dot',
    }),
    passwordLacks: (missing: readonly string[]) => `Still missing: ${missing.join(', ')}.`,
    submit: 'Create the account',
    doneTitle: 'Watchkeeper is already set up.',
    doneText: 'An account exists, so this link is used up. Sign in instead.',
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
    endedTitle: 'This link does not work any more.',
    endedText: 'It was used, is too old, or was replaced. Ask the person who gave it to you for a new one.',
  },

  invitation: {
    title: (organization: string) => `Join ${organization}`,
    newcomer: (by: string, role: string, email: string) =>
      `${by} invites you (${role}). Choose a password for ${email}; this link works once.`,
    lead: (by: string, role: string, email: string) =>
      `${by} invites ${email} (${role}). This person has an account already: sign in to answer.`,
    accept: 'Accept',
    decline: 'Decline',
    declined: (organization: string) => `You declined to join ${organization}.`,
    another: (email: string) => `You are signed in as ${email}, and this invitation is for somebody else.`,
    signOut: 'Sign out and continue',
    listTitle: 'Invitations to you',
    listText: 'To accept an invitation, open the link that came with it.',
    asked: (by: string, role: string, until: string) => `by ${by}, as ${role}, until ${until}`,
  },
};
