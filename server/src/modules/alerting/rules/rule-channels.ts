import type { Ctx } from '#platform/context';
import type { Tx } from '#platform/db/database';
import { AppError } from '#platform/errors';
import type { House } from '#platform/module';
import { definePart } from '#platform/parts';

/** The meaning of the words by which a rule names channels: names, kinds or ids. */
export interface ChannelWords {
  /** Words that mean no channel and no kind. */
  readonly unknown: readonly string[];
  /** Words that mean a kind without any channel yet. */
  readonly empty: readonly string[];
  /** Words that mean a channel that reaches people who do not have the console open. */
  readonly reaching: readonly string[];
  /** Words that mean only channels that are switched off. */
  readonly off: readonly string[];
  /** Words that mean only channels that receive nothing but escalations. */
  readonly escalationOnly: readonly string[];
  /** The words that would be accepted, as a sentence. */
  readonly choices: string;
}

/** The channels that it finds are locked until the transaction ends. */
export type ReadChannelWords = (
  tx: Tx,
  organizationId: string,
  words: readonly string[],
) => Promise<ChannelWords>;

declare module '#platform/module' {
  interface Module {
    /** Filled by the module on a higher floor that owns the channels: finds the channels that the words mean. */
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

/**
 * Only words that are new in the rule must be known. A channel that was deleted earlier must not prevent an unrelated
 * change. @throws validation_failed
 */
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

/** Warnings, as sentences, about the rule's channels that cannot receive messages at the moment. */
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
