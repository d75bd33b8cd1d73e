import { priorityInputNames } from '@watchkeeper/contracts';
import { describe, expect, test } from 'vitest';
import { judgePriority, levelOf, type PriorityFacts, shareOf } from './priority.ts';
import { levels, priorityTable } from './table.ts';

const unknown = { sites: 1, areas: 1, open: null, people: null } as const;

const cases: readonly [name: string, facts: PriorityFacts, level: string][] = [
  ['critical, of one area, and nothing else is known', { ...unknown, severity: 'critical' }, 'P2'],
  ['high, and nothing else is known', { ...unknown, severity: 'high' }, 'P3'],
  ['medium, and nothing else is known', { ...unknown, severity: 'medium' }, 'P4'],
  ['low, and nothing else is known', { ...unknown, severity: 'low' }, 'P5'],
  ['critical, with people, while open', { ...unknown, severity: 'critical', open: true, people: true }, 'P1'],
  [
    'critical, while open, and nobody is there',
    { ...unknown, severity: 'critical', open: true, people: false },
    'P2',
  ],
  [
    'critical, at night, and nobody is there',
    { ...unknown, severity: 'critical', open: false, people: false },
    'P3',
  ],
  [
    'critical, at night, but somebody is there',
    { ...unknown, severity: 'critical', open: false, people: true },
    'P2',
  ],
  [
    'critical, the whole site, while open',
    { severity: 'critical', sites: 1, areas: 6, open: true, people: null },
    'P1',
  ],
  [
    'critical, the whole site, at night',
    { severity: 'critical', sites: 1, areas: 6, open: false, people: false },
    'P2',
  ],
  ['critical, at five sites', { severity: 'critical', sites: 5, areas: 20, open: null, people: null }, 'P1'],
  ['high, at five sites', { severity: 'high', sites: 5, areas: 20, open: null, people: null }, 'P1'],
  ['high, at two sites', { severity: 'high', sites: 2, areas: 2, open: null, people: null }, 'P2'],
  ['high, with people, while open', { ...unknown, severity: 'high', open: true, people: true }, 'P2'],
  ['high, at night, and nobody is there', { ...unknown, severity: 'high', open: false, people: false }, 'P3'],
  ['medium, with people, while open', { ...unknown, severity: 'medium', open: true, people: true }, 'P2'],
  [
    'medium, at night, and nobody is there',
    { ...unknown, severity: 'medium', open: false, people: false },
    'P4',
  ],
  ['low, while open', { ...unknown, severity: 'low', open: true }, 'P4'],
  ['low, at night, and nobody is there', { ...unknown, severity: 'low', open: false, people: false }, 'P5'],
  ['high, about no place', { severity: 'high', sites: 0, areas: 0, open: null, people: null }, 'P3'],
];

describe('the priority', () => {
  test.each(cases)('%s', (_name, facts, level) => {
    expect(judgePriority(facts).level).toBe(level);
  });

  test('shows every input, also those that are unavailable', () => {
    const { inputs } = judgePriority({ ...unknown, severity: 'high' });
    expect(inputs.map((input) => input.name)).toEqual([...priorityInputNames]);
    expect(inputs.filter((input) => input.points === null).map((input) => input.name)).toEqual([
      'opening_hours',
      'people',
      'bookings',
    ]);
  });

  test('an unavailable input is not a zero', () => {
    const closed = judgePriority({ ...unknown, severity: 'critical', open: false });
    const notKnown = judgePriority({ ...unknown, severity: 'critical' });
    expect(shareOf(notKnown.inputs)).toBeGreaterThan(shareOf(closed.inputs));
    expect(notKnown.inputs.find((input) => input.name === 'opening_hours')).toMatchObject({
      points: null,
      value: 'No opening hours are set.',
    });
  });

  test('no points exceed their weight, and no part of an incident makes it less urgent', () => {
    const severities = Object.values(priorityTable.severity.points);
    expect(Math.max(...severities)).toBe(priorityTable.severity.weight);
    expect(severities).toEqual(severities.toSorted((a, b) => b - a));
    for (const { weight, steps } of [priorityTable.sites, priorityTable.areas]) {
      expect(steps[0][1]).toBe(weight);
      expect(steps.map(([, points]) => points)).toEqual(
        steps.map(([, points]) => points).toSorted((a, b) => b - a),
      );
    }
  });

  test('each level begins at its share', () => {
    for (const [level, share] of levels) {
      expect(levelOf(share)).toBe(level);
      expect(levelOf(share - 0.001)).not.toBe(level);
    }
    expect(levelOf(0)).toBe('P5');
  });
});
