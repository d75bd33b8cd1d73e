import { describe, expect, test } from 'vitest';
import { aSite, attentionIn, counts } from './fixtures';
import { countsInWords, healthOf } from './site-health';
import { tileOrder } from './tile-order';

const waiting = { ...attentionIn([]), needs_you: 1 };

describe('the health of a site', () => {
  test('is that of the worst alert that needs somebody', () => {
    expect(healthOf(aSite({ attention: waiting, worst_severity: 'high' })).tone).toBe('problem');
    expect(healthOf(aSite({ attention: waiting, worst_severity: 'low' })).tone).toBe('attention');
  });

  test('is not red for acknowledged or muted alerts', () => {
    const none = attentionIn([]);
    expect(healthOf(aSite({ open_alerts: 1, attention: { ...none, in_hand: 1 } }))).toEqual({
      tone: 'unknown',
      word: 'In hand',
    });
    expect(healthOf(aSite({ open_alerts: 1, attention: { ...none, under_maintenance: 1 } }))).toEqual({
      tone: 'maintenance',
      word: 'Under maintenance',
    });
    expect(healthOf(aSite({ open_alerts: 1, attention: { ...none, muted: 1 } })).tone).toBe('unknown');
  });

  test('is fine only when every device is known to be fine', () => {
    expect(healthOf(aSite())).toEqual({ tone: 'ok', word: 'All fine' });
    expect(healthOf(aSite({ devices: counts({ online: 9, unknown: 1 }) })).word).toBe('Unknown');
    expect(healthOf(aSite({ devices: counts({ online: 9, degraded: 1 }) })).word).toBe('In trouble');
    expect(healthOf(aSite({ devices: counts() })).word).toBe('No devices yet');
  });

  test('is maintenance when all its devices are', () => {
    expect(healthOf(aSite({ devices: counts({ maintenance: 2 }) })).tone).toBe('maintenance');
    expect(healthOf(aSite({ devices: counts({ maintenance: 2, online: 1 }) })).tone).toBe('ok');
  });
});

test('counts are written in words, problems first, zeros left out', () => {
  expect(countsInWords(counts({ online: 5, offline: 1, unknown: 2 }))).toBe('1 offline, 2 unknown, 5 online');
});

test('sites that need somebody come first, the rest in order of name', () => {
  const sites = [
    aSite({ name: 'Site 10' }),
    aSite({ name: 'Site 9' }),
    aSite({ name: 'Zoo', attention: waiting, worst_severity: 'low' }),
    aSite({ name: 'Site 8', open_alerts: 1, attention: { ...attentionIn([]), in_hand: 1 } }),
    aSite({ name: 'Yard', attention: waiting, worst_severity: 'critical' }),
  ];
  expect(sites.toSorted(tileOrder).map((site) => site.name)).toEqual([
    'Yard',
    'Zoo',
    'Site 8',
    'Site 9',
    'Site 10',
  ]);
});
