import type { SourceObject } from '@watchkeeper/contracts/sources';

export const objectFilters = ['all', 'open', 'linked'] as const;
export type ObjectFilter = (typeof objectFilters)[number];

export function filterFrom(text: string | undefined): ObjectFilter {
  return objectFilters.find((each) => each === text) ?? 'all';
}

/** The device an object seems to be, for somebody to confirm. */
export type SuggestedObject = SourceObject & { suggestion: NonNullable<SourceObject['suggestion']> };

export interface ObjectGroups {
  suggested: readonly SuggestedObject[];
  open: readonly SourceObject[];
  linked: readonly SourceObject[];
}

function isSuggested(object: SourceObject): object is SuggestedObject {
  return object.suggestion !== null;
}

/** What there is to do comes first: what can be confirmed, then what nothing looks like, then what is done. */
export function groupObjects(
  objects: readonly SourceObject[],
  filter: ObjectFilter,
  leaving: ReadonlySet<string>,
): ObjectGroups {
  const now = objects.map((object) => ({
    ...object,
    linked: object.linked.filter(({ check }) => !leaving.has(check)),
  }));
  const byName = now.toSorted((one, other) =>
    one.name.localeCompare(other.name, undefined, { numeric: true }),
  );
  const unlinked = filter === 'linked' ? [] : byName.filter(({ linked }) => linked.length === 0);
  return {
    suggested: unlinked.filter(isSuggested),
    open: unlinked.filter((object) => !isSuggested(object)),
    linked: filter === 'open' ? [] : byName.filter(({ linked }) => linked.length > 0),
  };
}
