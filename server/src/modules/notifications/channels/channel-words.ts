import { isId } from '#platform/ids';

/** How a rule names channels: by name, by id, or by a kind, which means all channels of that kind. In any case. */

/** The console shows every alert, whether or not somebody made a channel of it. */
const consoleWords: ReadonlySet<string> = new Set(['dashboard', 'console']);

interface Named {
  readonly id: string;
  readonly kind: string;
  readonly name: string;
}

export function isConsoleWord(word: string): boolean {
  return consoleWords.has(plain(word));
}

/** A word that is both a name and a kind means all of them: better to tell one channel too many than nobody. */
export function isNamedBy(channel: Named, word: string): boolean {
  const said = plain(word);
  return (
    said === channel.id ||
    said === plain(channel.name) ||
    said === channel.kind ||
    (channel.kind === 'console' && consoleWords.has(said))
  );
}

export interface FoundChannels<Channel> {
  readonly channels: readonly Channel[];
  /** Words that match no existing channel. */
  readonly missing: readonly string[];
}

/** Which of the channels the words name, in the order of the channels. */
export function channelsNamed<Channel extends Named>(
  words: readonly string[],
  channels: readonly Channel[],
): FoundChannels<Channel> {
  const fits = (word: string) => channels.some((channel) => isNamedBy(channel, word));
  return {
    channels: channels.filter((channel) => words.some((word) => isNamedBy(channel, word))),
    missing: words.filter((word) => !isConsoleWord(word) && !fits(word)),
  };
}

/** The words for a sentence, with names in place of ids. */
export function sayWords(words: readonly string[], channels: readonly Named[]): string {
  return words
    .map(
      (word) =>
        channels.find((channel) => channel.id === plain(word))?.name ??
        (isId(word) ? `a deleted one (${word})` : word),
    )
    .join(', ');
}

export function plain(word: string): string {
  return word.trim().toLowerCase();
}
