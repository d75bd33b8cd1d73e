import { describe, expect, test } from 'vitest';
import { type AttentionCounts, attentionOf, type Standing, standingOf } from './attention.ts';
import { alertStatuses, type DeviceStatus, suppressionReasons } from './vocabulary.ts';

describe('the attention that an alert needs', () => {
  test.each([
    ['open', null, 'needs_you'],
    ['acknowledged', null, 'in_hand'],
    ['open', 'maintenance', 'under_maintenance'],
    ['acknowledged', 'maintenance', 'under_maintenance'],
    ['open', 'dependency', 'muted'],
    ['acknowledged', 'storm', 'muted'],
    ['open', 'silence', 'muted'],
    ['open', 'outage_of_ours', 'muted'],
    ['resolved', null, 'over'],
    ['resolved', 'maintenance', 'over'],
  ] as const)('%s, suppressed by %s: %s', (status, suppressed_by, attention) => {
    expect(attentionOf({ status, suppressed_by })).toBe(attention);
  });

  test('only an open alert that is not muted needs somebody', () => {
    const all = alertStatuses.flatMap((status) =>
      [null, ...suppressionReasons].map((suppressed_by) => ({ status, suppressed_by })),
    );
    expect(all.filter((alert) => attentionOf(alert) === 'needs_you')).toEqual([
      { status: 'open', suppressed_by: null },
    ]);
  });
});

describe('the standing of a site', () => {
  const cases: [Standing, Partial<AttentionCounts>, Partial<Record<DeviceStatus, number>>][] = [
    ['needs_you', { needs_you: 1, in_hand: 2, under_maintenance: 3 }, { online: 1 }],
    ['in_hand', { in_hand: 1, under_maintenance: 1 }, { offline: 1 }],
    ['under_maintenance', { under_maintenance: 2 }, { maintenance: 1, online: 1 }],
    ['under_maintenance', { under_maintenance: 1, muted: 1 }, { offline: 1 }],
    ['under_maintenance', {}, { maintenance: 2 }],
    ['trouble', { muted: 1 }, { offline: 1 }],
    ['trouble', {}, { degraded: 1, online: 5 }],
    ['muted', { muted: 1 }, { online: 1 }],
    ['muted', { muted: 1 }, {}],
    ['needs_you', { needs_you: 1 }, {}],
    ['empty', {}, {}],
    ['unknown', {}, { unknown: 1, online: 9 }],
    ['fine', {}, { online: 1, maintenance: 1 }],
  ];
  test.each(cases)('%s: %o with devices %o', (standing, attention, statuses) => {
    const devices = {
      online: 0,
      degraded: 0,
      unresponsive: 0,
      offline: 0,
      unknown: 0,
      maintenance: 0,
      ...statuses,
    };
    const total = Object.values(devices).reduce((sum, n) => sum + n, 0);
    const none = { needs_you: 0, in_hand: 0, under_maintenance: 0, muted: 0 };
    expect(standingOf({ attention: { ...none, ...attention }, devices: { ...devices, total } })).toBe(
      standing,
    );
  });
});
