import type { Person } from './privacy.ts';

/**
 * Names that stand for one person wherever they are written: of two words or more. "Alex" alone is looked for only in
 * rows that name the person by its id or address.
 */
export function tellingNames({ names }: Pick<Person, 'names'>): readonly string[] {
  return names.filter((name) => /\S\s+\S/.test(name.trim()));
}

/** A regular expression of PostgreSQL for the address and these names, as whole words. */
export function textPattern(email: string, names: readonly string[]): string {
  return patternOf(email, names, '(?<!\\w)');
}

/** The same for JSON as text: a letter after a backslash belongs to an escape (`\n`), not to the word behind it. */
export function jsonPattern(email: string, names: readonly string[]): string {
  const inJson = names.map((name) => JSON.stringify(name).slice(1, -1));
  return patternOf(email, inJson, '(?<![^\\\\]\\w)');
}

function patternOf(email: string, names: readonly string[], start: string): string {
  const address = `(?<![\\w.+-])${escaped(email)}(?![\\w-]|\\.\\w)`;
  return [address, ...names.map((name) => `${start}${escaped(name)}(?!\\w)`)].join('|');
}

/** Not RegExp.escape: PostgreSQL reads its `\x64` with the letters that follow. */
function escaped(text: string): string {
  return text.replace(/[^\p{L}\p{N}_ ]/gu, '\\$&');
}
