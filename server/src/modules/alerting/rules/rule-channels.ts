import type { Ctx } from '#platform/context';
import type { Tx } from '#platform/db/database';
import { AppError } from '#platform/errors';
import type { House } from '#platform/module';
import { definePart } from '#platform/parts';

/** What the words fit by which a rule names channels: names, kinds or ids. */
export interface ChannelWords {
  /** Fit nothing. */
  readonly unknown: readonly string[];
  /** Kinds of which there is no channel yet. */
  readonly empty: readonly string[];
  /** Fit a channel that reaches more people than those who look at the console. */
  readonly reaching: readonly string[];
  /** Fit only channels that are switched off. */
  readonly off: readonly string[];
  /** Fit only channels that are told of escalations alone. */
  readonly escalationOnly: readonly string[];
  /** What would fit, as a sentence. */
  readonly choices: string;
}

/** What is found stays while the transaction lasts. */
export type ReadChannelWords = (
  tx: Tx,
  organizationId: string,
  words: readonly string[],
) => Promise<ChannelWords>;

declare module '#platform/module' {
  interface Module {
    /** Whoever owns channels, a floor above, says which of them there are. */
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

/** A channel that went since a rule named it must not stand in the way of an unrelated change. @throws validation_failed */
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

/** What a rule names and does not reach at the moment, in sentences. */
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
