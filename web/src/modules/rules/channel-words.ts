import { t } from '../../messages';

/** How a rule names channels: an id, a name, or a kind; the console as DASHBOARD. In any case. */

export const consoleWord = 'DASHBOARD';

interface Channel {
  readonly id: string;
  readonly name: string;
}

interface ChannelKind {
  readonly kind: string;
  readonly label: string;
}

const idPattern = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

function plain(word: string): string {
  return word.trim().toLowerCase();
}

export function isConsoleWord(word: string): boolean {
  return ['dashboard', 'console'].includes(plain(word));
}

/** By its id or its name; a kind means many. */
export function isNamed(channel: Channel, word: string): boolean {
  return plain(word) === channel.id || plain(word) === plain(channel.name);
}

/** undefined: an id of which nothing is left. */
export function channelWords(
  word: string,
  channels: readonly Channel[],
  kinds: readonly ChannelKind[],
): string | undefined {
  const named = channels.find((channel) => isNamed(channel, word));
  if (named !== undefined) return named.name;
  if (isConsoleWord(word)) return t.rule.console;
  const kind = kinds.find((each) => each.kind === plain(word));
  if (kind !== undefined) return t.rule.everyChannelOf(kind.label);
  return idPattern.test(plain(word)) ? undefined : `${word} (${t.rule.gone})`;
}
