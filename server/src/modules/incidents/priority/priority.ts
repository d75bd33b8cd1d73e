import type { Priority, PriorityInput, PriorityInputName, Severity } from '@watchkeeper/contracts';
import { levels, priorityTable } from './table.ts';

/** What the priority of an incident stands on. Null: it is not known. */
export interface PriorityFacts {
  /** Of the worst alert that is not over; when all are over, of the worst. */
  readonly severity: Severity;
  readonly sites: number;
  readonly areas: number;
  /** Whether one of its sites is open; null: none of them has opening hours. */
  readonly open: boolean | null;
  /** Whether people were seen at its sites lately; null: nothing there could see them. */
  readonly people: boolean | null;
}

/** The level, and every input with its value, its weight and its points. Pure. */
export function judgePriority(facts: PriorityFacts): { level: Priority; inputs: PriorityInput[] } {
  const { opening_hours: hours, people, severity } = priorityTable;
  const inputs = [
    known('severity', severity.weight, severity.points[facts.severity], facts.severity),
    spread('sites', facts.sites, 'site', 'sites'),
    spread('areas', facts.areas, 'area', 'areas'),
    facts.open === null
      ? unavailable('opening_hours', hours.weight, 'No opening hours are set.')
      : known(
          'opening_hours',
          hours.weight,
          facts.open ? hours.open : hours.closed,
          facts.open ? 'open' : 'closed',
        ),
    facts.people === null
      ? unavailable('people', people.weight, 'Nothing there reports whether somebody is present.')
      : known(
          'people',
          people.weight,
          facts.people ? people.present : people.nobody,
          facts.people ? 'somebody is there' : 'nobody was seen lately',
        ),
    unavailable('bookings', priorityTable.bookings.weight, 'Bookings are not connected.'),
  ];
  return { level: levelOf(shareOf(inputs)), inputs };
}

/** From 0 to 1: the points of the inputs that are known, of those that they could have. */
export function shareOf(inputs: readonly PriorityInput[]): number {
  const told = inputs.filter((input) => input.points !== null);
  const weight = told.reduce((sum, input) => sum + input.weight, 0);
  const points = told.reduce((sum, input) => sum + (input.points ?? 0), 0);
  return weight === 0 ? 0 : points / weight;
}

export function levelOf(share: number): Priority {
  return levels.find(([, from]) => share >= from)?.[0] ?? 'P5';
}

function spread(name: 'sites' | 'areas', count: number, one: string, many: string): PriorityInput {
  const { weight, steps } = priorityTable[name];
  if (count === 0) return known(name, weight, 0, `no ${one}`);
  const points = steps.find(([from]) => count >= from)?.[1] ?? 0;
  return known(name, weight, points, `${count} ${count === 1 ? one : many}`);
}

function known(name: PriorityInputName, weight: number, points: number, value: string): PriorityInput {
  return { name, value, weight, points };
}

/** `value` says why. */
function unavailable(name: PriorityInputName, weight: number, why: string): PriorityInput {
  return { name, value: why, weight, points: null };
}
