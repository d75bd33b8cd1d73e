import { describe, expect, test } from 'vitest';
import { anAlert } from './fixtures';
import { signalOf, silenceSeries, windowOf } from './signal';

const minute = 60_000;
const opened = Date.parse('2026-11-21T12:00:00Z');
const at = (seconds: number) => ({ at: new Date(opened + seconds * 1_000).toISOString(), values: {} });

describe('the signal of an alert', () => {
  test('is the silence for an absence, and the figure with its limit for a threshold', () => {
    expect(signalOf(anAlert())).toEqual({ metric: undefined, limit: 120 });
    const details = { metric: 'cpu_usage', value: 97, operator: '>', threshold: 90 };
    expect(signalOf(anAlert({ kind: 'threshold', details }))).toEqual({ metric: 'cpu_usage', limit: 90 });
  });

  test('is not known for what no device reports', () => {
    expect(signalOf(anAlert({ device: null }))).toBeUndefined();
    expect(signalOf(anAlert({ kind: 'rate', details: { percent: 30 } }))).toBeUndefined();
  });
});

describe('the time shown', () => {
  const alert = anAlert({ opened_at: new Date(opened).toISOString() });

  test('reaches from before the opening to now while it is open', () => {
    const { from, to } = windowOf(alert, opened + 4 * minute);
    expect([from, to]).toEqual([opened - 30 * minute, opened + 5 * minute]);
  });

  test('ends a while after the resolution, and never in the future', () => {
    const resolved = { ...alert, resolved_at: new Date(opened + 120 * minute).toISOString() };
    expect(windowOf(resolved, opened + 900 * minute)).toEqual({
      from: opened - 60 * minute,
      to: opened + 180 * minute,
    });
    expect(windowOf(resolved, opened + 121 * minute).to).toBe(opened + 125 * minute);
  });

  test('of an alert that is open for months is its beginning', () => {
    const { from, to } = windowOf(alert, opened + 90 * 1_440 * minute);
    expect(to - from).toBe(14 * 1_440 * minute);
    expect(from).toBeLessThan(opened);
  });
});

describe('silence over time', () => {
  test('grows until the next heartbeat and falls to nothing with it', () => {
    expect(silenceSeries([at(30), at(0)], opened + 90_000)).toEqual({
      times: [opened / 1_000, opened / 1_000 + 29.999, opened / 1_000 + 30, opened / 1_000 + 90],
      values: [0, 30, 0, 60],
    });
  });

  test('is unknown where no heartbeat is known', () => {
    expect(silenceSeries([], opened)).toEqual({ times: [], values: [] });
  });
});
