import { cutText, isolate, oneLine } from '@watchkeeper/contracts/text';
import { defineTopic } from '../topics/topic.ts';
import { toLanguage } from './language.ts';
import { confirmHours } from './link.ts';
import { recipientWords } from './words.ts';

const whatCharsMax = 140;

/** Facts of one mail that asks for a confirmation. The link is made when the mail is sent. */
export interface ConfirmFacts {
  /** What they asked for, in their language: "messages of the status page Northern Golf". */
  readonly what: string;
  readonly language: string | null;
}

export const confirmLedger = { topic: 'recipient', version: 1 } as const;
/** The one transition of a recipient. */
export const askedTransition = 'confirmation_asked';

/** Delivery's own topic: asks the owner of an address whether they want messages. */
export const confirmTopic = defineTopic<ConfirmFacts>({
  ...confirmLedger,
  // Safe because facts of this version were made as this type says.
  readFacts: (version, facts) => (version === confirmLedger.version ? (facts as ConfirmFacts) : undefined),
  titleOf: ({ what }) => what,
  wakes: [],
  // Written into the ledger at once by `askToConfirm`.
  plan: async () => 0,
  toneOf: () => 'asked',
  asksToConfirm: true,
  render({ publicUrl, items, can: _can, confirmUrl, ...rest }) {
    const { what = '', language: wanted = null } = items[0] ?? {};
    const language = toLanguage(wanted);
    const { mail } = recipientWords[language];
    const name = oneLine(rest.organization.name);
    return {
      ...rest,
      organization: { ...rest.organization, name },
      title: mail.title,
      lines: [
        mail.lead(isolate(name), isolate(cutText(oneLine(what), whatCharsMax)), rest.recipient),
        mail.notYou,
        mail.valid(confirmHours),
      ],
      url: confirmUrl ?? publicUrl,
      linkLabel: mail.link,
      actions: [],
      payload: { type: 'recipient.confirmation_asked', data: { address: rest.recipient } },
      thread: undefined,
      list: 'confirmations',
      language,
    };
  },
  gate: {
    judges: [],
    judgesBy: [],
    judge: () => ({ verdict: 'tell', withdraw: [] }),
    withdrawnReason: () => '',
  },
});
