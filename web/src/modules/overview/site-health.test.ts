import { describe, expect, test } from 'vitest';
import { aSite, counts } from './fixtures';
import { countsInWords, healthOf } from './site-health';
import { tileOrder } from './tile-order';

describe('the health of a site', () => {
  test('is as heavy as its worst alert', () => {
    expect(healthOf(aSite({ open_alerts: 1, worst_severity: 'high' })).tone).toBe('problem');
    expect(healthOf(aSite({ open_alerts: 3, worst_severity: 'low' })).tone).toBe('attention');
  });

  test('is fine only when every device is known to be', () => {
    expect(healthOf(aSite())).toEqual({ tone: 'ok', word: 'All fine' });
    expect(healthOf(aSite({ devices: counts({ online: 9, unknown: 1 }) })).word).toBe('Unknown');
    expect(healthOf(aSite({ devices: counts({ online: 9, degraded: 1 }) })).word).toBe('In trouble');
    expect(healthOf(aSite({ devices: counts() })).word).toBe('No devices yet');
  });

  test('is maintenance when all of it is', () => {
    expect(healthOf(aSite({ devices: counts({ maintenance: 2 }) })).tone).toBe('maintenance');
    expect(healthOf(aSite({ devices: counts({ maintenance: 2, online: 1 }) })).tone).toBe('ok');
  });
});

test('counts are said in words, troubled ones first, absent ones not at all', () => {
  expect(countsInWords(counts({ online: 5, offline: 1, unknown: 2 }))).toBe('1 offline, 2 unknown, 5 online');
});

test('sites that need somebody come first, the rest keep their places by name', () => {
  const sites = [
    aSite({ name: 'Site 10' }),
    aSite({ name: 'Site 9' }),
    aSite({ name: 'Zoo', open_alerts: 1, worst_severity: 'low' }),
    aSite({ name: 'Yard', open_alerts: 1, worst_severity: 'critical' }),
  ];
  expect(sites.toSorted(tileOrder).map((site) => site.name)).toEqual(['Yard', 'Zoo', 'Site 9', 'Site 10']);
});
