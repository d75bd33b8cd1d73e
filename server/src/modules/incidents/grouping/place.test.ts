import { describe, expect, it } from 'vitest';
import { type Homeless, type Known, type Place, placeAlerts } from './place.ts';

const minute = 60_000;

/** An alert of the site `a` that opens after so many minutes and is not over. */
function alert(id: string, minutes: number, more: Partial<Homeless> = {}): Homeless {
  return {
    id,
    key: 'site:a',
    fingerprint: `fp-${id}`,
    openedAt: minutes * minute,
    endedAt: null,
    windowMs: 5 * minute,
    parent: null,
    ...more,
  };
}

function place(more: Partial<Place> = {}): Place {
  return {
    incidentId: 'known',
    key: 'site:a',
    isCurrent: true,
    lastJoinedAt: 0,
    end: Number.POSITIVE_INFINITY,
    endsByItself: true,
    ...more,
  };
}

function known(more: Partial<Known> = {}): Known {
  return {
    current: new Map(),
    last: new Map(),
    homes: new Map(),
    reopenMs: 15 * minute,
    holdMs: 2 * minute,
    ...more,
  };
}

const standing = (own: Place): Partial<Known> => ({
  current: new Map([['site:a', { holder: own, place: own }]]),
});
const earlier = (own: Place, end: number): Partial<Known> => ({
  last: new Map([['fp-a', { place: own, end }]]),
});
const never = Number.POSITIVE_INFINITY;

/** The alerts of each incident, with how they came. */
function groupsOf(alerts: readonly Homeless[], given: Known = known()): string[][] {
  const placements = placeAlerts(alerts, given);
  return [...Map.groupBy(placements, (each) => each.place).values()].map((own) =>
    own.map(({ alertId, how }) => `${alertId} ${how}`),
  );
}

describe('placeAlerts', () => {
  it.each<[string, Homeless[], string[][]]>([
    ['one alert opens an incident', [alert('a', 0)], [['a first']]],
    [
      'the window slides with each that joins',
      [alert('a', 0), alert('b', 4), alert('c', 8)],
      [['a first', 'b window', 'c window']],
    ],
    ['the edge of the window still counts', [alert('a', 0), alert('b', 5)], [['a first', 'b window']]],
    [
      'after the window there is another',
      [alert('a', 0), alert('b', 5.1), alert('c', 6)],
      [['a first'], ['b first', 'c window']],
    ],
    [
      'another key is another incident',
      [alert('a', 0), alert('b', 0, { key: 'site:b' })],
      [['a first'], ['b first']],
    ],
    [
      'a rule may have a shorter window',
      [alert('a', 0), alert('b', 2, { windowMs: minute })],
      [['a first'], ['b first']],
    ],
    [
      'an incident that was over does not take another alert',
      [alert('a', 0, { endedAt: minute }), alert('b', 4)],
      [['a first'], ['b first']],
    ],
    [
      'unless its end was not told yet',
      [alert('a', 0, { endedAt: minute }), alert('b', 2)],
      [['a first', 'b window']],
    ],
    [
      'the same alert comes back into it',
      [alert('a', 0, { endedAt: minute }), alert('a2', 10, { fingerprint: 'fp-a' })],
      [['a first', 'a2 recurrence']],
    ],
    [
      'but not after the reopen window',
      [alert('a', 0, { endedAt: minute }), alert('a2', 17, { fingerprint: 'fp-a' })],
      [['a first'], ['a2 first']],
    ],
    [
      'a child that comes first joins its parent, whatever its key',
      [alert('child', 0, { key: 'site:b', parent: 'root' }), alert('root', 1)],
      [['root first', 'child dependency']],
    ],
    [
      'devices that depend on each other in a circle end',
      [alert('a', 0, { parent: 'b' }), alert('b', 1, { parent: 'a' })],
      [['b first', 'a dependency']],
    ],
    [
      'the order in which they are handed over does not matter',
      [alert('b', 4), alert('a', 0)],
      [['a first', 'b window']],
    ],
  ])('%s', (_title, alerts, expected) => {
    expect(groupsOf(alerts)).toEqual(expected);
  });

  it.each<[string, Partial<Known>, Homeless, string]>([
    ['a standing incident takes it', standing(place()), alert('b', 5), 'known window'],
    ['not after the window', standing(place()), alert('b', 6), 'null first'],
    [
      'not when a person ended it',
      standing(place({ end: 0, endsByItself: false })),
      alert('b', 1),
      'null first',
    ],
    ['a recurrence needs no window', earlier(place(), never), alert('a', 60), 'known recurrence'],
    ['nor one that is over', earlier(place({ end: 0 }), 0), alert('a', 15), 'known recurrence'],
    [
      'with a reopen window of 0 nothing comes back',
      { ...earlier(place(), never), reopenMs: 0 },
      alert('a', 1),
      'null first',
    ],
    [
      'the incident of its parent comes before all',
      { ...standing(place()), homes: new Map([['p', place({ incidentId: 'parent' })]]) },
      alert('a', 0, { parent: 'p' }),
      'parent dependency',
    ],
  ])('%s', (_title, given, own, expected) => {
    const [placement] = placeAlerts([own], known(given));
    expect(`${placement?.place.incidentId} ${placement?.how}`).toBe(expected);
  });

  it('a younger incident takes the key over', () => {
    const old = place();
    const [placement] = placeAlerts([alert('b', 9)], known(standing(old)));
    expect([old.isCurrent, placement?.place.isCurrent]).toEqual([false, true]);
  });
});
