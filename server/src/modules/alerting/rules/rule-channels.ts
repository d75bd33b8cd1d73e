import type { Ctx } from '#platform/context';
import type { Tx } from '#platform/db/database';
import { AppError } from '#platform/errors';
import type { House } from '#platform/module';
import { definePart } from '#platform/parts';

/** What the words mean by which a rule names channels: names, kinds or ids. */
export interface ChannelWords {
  /** Mean no channel and no kind. */
  readonly unknown: readonly string[];
  /** Kinds of which there is no channel yet. */
  readonly empty: readonly string[];
  /** Mean a channel that reaches people who do not have the console open. */
  readonly reaching: readonly string[];
  /** Mean only channels that are switched off. */
  readonly off: readonly string[];
  /** Mean only channels that are told of nothing but escalations. */
  readonly escalationOnly: readonly string[];
  /** Which words would be accepted, as a sentence. */
  readonly choices: string;
}

/** The channels that it finds are held until the transaction ends. */
export type ReadChannelWords = (
  tx: Tx,
  organizationId: string,
  words: readonly string[],
) => Promise<ChannelWords>;

declare module '#platform/module' {
  interface Module {
    /** For the module on a higher floor that knows the channels: says which of them the words mean. */
    readonly ruleChannels?: ReadChannelWords;
  }
}

const readersPart = definePart<readonly ReadChannelWords[]>('alerting.rule_channels');

export function keepRuleChannels(ctx: Pick<Ctx, 'parts'>, house: House): void {
  ctx.parts.put(
    readersPart,
    house.flatMap(({ ruleChannels }) => ruleChannels ?? []),
  );
}

const nothing: ChannelWords = {
  unknown: [],
  empty: [],
  reaching: [],
  off: [],
  escalationOnly: [],
  choices: '',
};

export interface ChannelPlace {
  readonly ctx: Pick<Ctx, 'parts'>;
  readonly tx: Tx;
  readonly organizationId: string;
}

async function readWords(
  { ctx, tx, organizationId }: ChannelPlace,
  words: readonly string[],
): Promise<ChannelWords> {
  const [read] = ctx.parts.get(readersPart);
  return read === undefined || words.length === 0 ? nothing : await read(tx, organizationId, words);
}

/** Only new words must be known: a channel that was deleted since must not prevent an unrelated change. @throws validation_failed */
export async function requireChannels(
  place: ChannelPlace,
  field: string,
  words: readonly string[],
  before: readonly string[],
): Promise<void> {
  const added = words.filter((word) => !before.includes(word));
  const { unknown, choices } = await readWords(place, added);
  const errors = unknown.map((word) => ({
    field: `${field}.${words.indexOf(word)}`,
    message: `there is no channel "${word}". ${choices}`,
  }));
  const [first] = errors;
  if (first !== undefined)
    throw new AppError('validation_failed', `${first.field}: ${first.message}`, { errors });
}

/** The channels that a rule names and that cannot be told at the moment, in sentences. */
export async function channelWarnings(
  place: ChannelPlace,
  rule: { channels: readonly string[]; escalation: { escalate_to_channels: readonly string[] } | null },
): Promise<string[]> {
  const escalateTo = rule.escalation?.escalate_to_channels ?? [];
  const { unknown, empty, reaching, off, escalationOnly } = await readWords(place, [
    ...new Set([...rule.channels, ...escalateTo]),
  ]);
  const lost = new Set([...unknown, ...empty]);
  const warnings = [
    ...empty.map((word) => `There is no channel of the kind ${word} yet. When there is one, it is told.`),
    ...unknown.map((word) => `There is no channel "${word}" any more.`),
    ...off.map((word) => `The channel of "${word}" is switched off.`),
    ...rule.channels
      .filter((word) => escalationOnly.includes(word))
      .map((word) => `The channel of "${word}" is told only of escalations.`),
  ];
  const isSilent = (words: readonly string[]) =>
    words.some((word) => lost.has(word)) && !words.some((word) => reaching.includes(word));
  if (isSilent(rule.channels)) warnings.push('Until then, alerts of this rule go to all channels.');
  if (isSilent(escalateTo)) warnings.push('Until then, escalations remind the people who were told.');
  return warnings;
}
