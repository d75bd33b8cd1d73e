import { describe, expect, test } from 'vitest';
import { isPaused, looksLikeOurs, nextSuspicion, pulseSpans } from './outage-guard.ts';

const pulse = (quietDevices: number, devices: number, quietSites: number, sites: number) => ({
  quietDevices,
  devices,
  quietSites,
  sites,
});

describe('is it them, or us?', () => {
  test.each([
    ['a healthy fleet', pulse(0, 1000, 0, 40), false],
    ['one site without power', pulse(30, 60, 1, 2), false],
    ['the only site without power', pulse(30, 30, 1, 1), false],
    ['one site of two, and a dead device at the other', pulse(31, 60, 1, 2), false],
    ['everything at two sites', pulse(10, 10, 2, 2), true],
    ['half of everything across the fleet', pulse(500, 1000, 20, 40), true],
    ['just under half', pulse(499, 1000, 20, 40), false],
    ['half the devices, concentrated at a few of many sites', pulse(500, 1000, 4, 40), false],
    ['too few devices to tell', pulse(4, 4, 4, 4), false],
    ['nothing was heard lately at all', pulse(0, 0, 0, 0), false],
  ])('%s', (_case, given, ours) => {
    expect(looksLikeOurs(given)).toBe(ours);
  });
});

describe('the pause', () => {
  const start = new Date('2026-03-02T12:00:00Z');
  const later = (seconds: number) => new Date(start.getTime() + seconds * 1000);

  test('lasts one limit, at most two minutes, and then silence is judged', () => {
    expect(isPaused(start, later(1.9), 2)).toBe(true);
    expect(isPaused(start, later(2), 2)).toBe(false);
    expect(isPaused(start, later(119), 900)).toBe(true);
    expect(isPaused(start, later(120), 900)).toBe(false);
    expect(isPaused(null, later(0), 120)).toBe(false);
  });

  test('does not start again while the same collapse lasts', () => {
    expect(nextSuspicion(start, true, later(500))).toEqual(start);
    expect(nextSuspicion(start, false, later(500))).toBeNull();
    expect(nextSuspicion(null, true, later(500))).toEqual(later(500));
  });

  test('counts the devices before the collapse even after a slow tick', () => {
    const spans = pulseSpans(later(0), 120, 3600);
    expect(start.getTime() - spans.recentSince.getTime()).toBe(3_840_000);
    expect(start.getTime() - spans.quietSince.getTime()).toBe(90_000);
  });
});
