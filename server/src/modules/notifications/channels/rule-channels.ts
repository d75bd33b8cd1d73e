import { type ChannelWords, followChannel } from '#modules/alerting';
import {
  type ChannelRow,
  channelKinds,
  holdChannels,
  type RenameWork,
  selectChannels,
} from '#modules/delivery';
import { nowDate } from '#platform/clock';
import type { Tx } from '#platform/db/database';
import { channelsNamed, isConsoleWord, isNamedBy, plain } from './channel-words.ts';

/** An error lists at most this many channels. */
const choicesMax = 20;

/**
 * Finds the channels that the words of a rule mean. A kind without any channel yet is accepted, because words are
 * looked up each time a message is planned.
 */
export async function readChannelWords(
  tx: Tx,
  organizationId: string,
  words: readonly string[],
): Promise<ChannelWords> {
  const channels = await selectChannels(tx, organizationId);
  const named = channelsNamed(words, channels);
  await holdChannels(
    tx,
    organizationId,
    named.channels.map((channel) => channel.id),
  );
  const isKind = (word: string) => channelKinds.find(plain(word)) !== undefined;
  const wordsOf = (isMeant: (channel: ChannelRow) => boolean) =>
    words.filter((word) => channels.some((channel) => isNamedBy(channel, word) && isMeant(channel)));
  return {
    unknown: named.missing.filter((word) => !isKind(word)),
    empty: named.missing.filter(isKind),
    reaching: wordsOf((channel) => channel.kind !== 'console' && channel.enabled),
    off: wordsOf(() => true).filter((word) => !wordsOf((channel) => channel.enabled).includes(word)),
    escalationOnly: wordsOf(() => true).filter(
      (word) => !wordsOf((channel) => !channel.escalation_only).includes(word),
    ),
    choices: choicesOf(channels),
  };
}

function choicesOf(channels: readonly ChannelRow[]): string {
  const names = channels.slice(0, choicesMax).map((channel) => `"${channel.name}"`);
  const more = channels.length > choicesMax ? ` and ${channels.length - choicesMax} more` : '';
  const there = names.length === 0 ? 'There is none yet' : `There are ${names.join(', ')}${more}`;
  const kinds = channelKinds.all
    .map(({ kind }) => kind)
    .filter((kind) => !isConsoleWord(kind))
    .map((kind) => kind.toUpperCase());
  return `${there}; ${kinds.join(', ')} mean every channel of that kind, DASHBOARD the console.`;
}

/** Rules that name a channel by its name follow when it is renamed. */
export async function renameInRules(work: RenameWork, before: ChannelRow, to: string): Promise<void> {
  const from = before.name;
  // A rule that names the kind still means this channel under its new name.
  if (plain(from) === plain(to) || plain(from) === before.kind) return;
  const others = await selectChannels(work.tx, work.scope.organizationId);
  const fromStays =
    channelKinds.find(plain(from)) !== undefined ||
    isConsoleWord(from) ||
    others.some((other) => other.id !== before.id && plain(other.name) === plain(from));
  await followChannel(
    { ctx: work.ctx, tx: work.tx, scope: work.scope, at: nowDate(work.ctx.clock) },
    { from, to, fromStays },
  );
}
