/** One alert: as the alert says. More: the first of them and how many. */
export function titleOf(first: string, alerts: number): string {
  return alerts <= 1 ? first : `${first} and ${alerts - 1} more`;
}

const namedMax = 3;

/** "A, B and 12 more". */
function listed(titles: readonly string[]): string {
  const named = titles.slice(0, namedMax);
  const rest = titles.length - named.length;
  if (rest > 0) return `${named.join(', ')} and ${rest} more`;
  const last = named.at(-1) ?? '';
  return named.length < 2 ? last : `${named.slice(0, -1).join(', ')} and ${last}`;
}

const counted = (count: number) => (count === 1 ? 'One alert' : `${count} alerts`);

export function joinedWords(joined: readonly { readonly title: string; readonly how: string }[]): string {
  const isBack = joined.every(({ how }) => how === 'recurrence');
  const verb = isBack ? 'came back' : 'joined';
  return `${counted(joined.length)} ${verb}: ${listed(joined.map(({ title }) => title))}.`;
}

export function recoveredWords(titles: readonly string[], left: number): string {
  const rest = left === 0 ? 'none is left' : left === 1 ? 'one is left' : `${left} are left`;
  return `${counted(titles.length)} recovered, ${rest}: ${listed(titles)}.`;
}
