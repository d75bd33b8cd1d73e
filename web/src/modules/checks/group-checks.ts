import type { Check } from '@watchkeeper/contracts/checks';

export const groupings = ['site', 'kind'] as const;
export type Grouping = (typeof groupings)[number];

export function groupingFrom(text: string | undefined): Grouping {
  return groupings.find((each) => each === text) ?? 'site';
}

export interface Heading {
  readonly heading: string;
  readonly id: string;
  readonly count: number;
}

export type ListItem = Heading | Check;

export function isHeading(item: ListItem): item is Heading {
  return 'heading' in item;
}

interface Names {
  /** The heading of a check's group; undefined: it belongs to none and comes last. */
  group: (check: Check) => string | undefined;
  none: string;
}

/** Checks that are down come first in their group, because the list is read from the top. */
const rank = { down: 0, unknown: 1, pending: 2, up: 3 } as const;

function byWeight(a: Check, b: Check): number {
  const of = (check: Check) => (check.enabled ? rank[check.state.status] : rank.up + 1);
  return of(a) - of(b) || a.name.localeCompare(b.name);
}

/** Headings with their checks below them, in one flat list, as long lists are drawn. */
export function groupChecks(checks: readonly Check[], { group, none }: Names): ListItem[] {
  const groups = new Map<string | undefined, Check[]>();
  for (const check of checks) {
    const name = group(check);
    const known = groups.get(name);
    if (known === undefined) groups.set(name, [check]);
    else known.push(check);
  }
  return [...groups]
    .toSorted(([a], [b]) => (a === undefined ? 1 : b === undefined ? -1 : a.localeCompare(b)))
    .flatMap(([name, members]) => [
      { heading: name ?? none, id: `heading ${name ?? ''}`, count: members.length },
      ...members.toSorted(byWeight),
    ]);
}
