import { describe, expect, test } from 'vitest';
import { inSteps, windowOfAlert } from './signal-window.ts';

const minute = 60_000;
const opened = Date.parse('2026-11-21T12:00:00Z');
const after = (minutes: number) => new Date(opened + minutes * minute);

const shown = (resolvedAfter: number | null, nowAfter: number, contextMinutes = 0) => {
  const resolved = resolvedAfter === null ? null : after(resolvedAfter);
  const { from, to } = windowOfAlert(
    { opened_at: new Date(opened), resolved_at: resolved },
    after(nowAfter),
    contextMinutes * minute,
  );
  return [(from.getTime() - opened) / minute, (to.getTime() - opened) / minute];
};

describe('the time shown around an alert', () => {
  test('reaches from before the opening to now while it is open', () => {
    expect(shown(null, 4)).toEqual([-30, 4]);
  });

  test('ends a while after the resolution, and not after now', () => {
    expect(shown(120, 900)).toEqual([-60, 180]);
    expect(shown(120, 125)).toEqual([-60, 125]);
  });

  test('includes as much of the past as the rule needs to be understood', () => {
    expect(shown(10, 900, 180)).toEqual([-180, 40]);
  });

  test('is the beginning of an alert that is open for months', () => {
    const [from = 0, to = 0] = shown(null, 90 * 1_440);
    expect(from).toBe(-720);
    expect(to - from).toBe(14 * 1_440);
  });
});

test('steps are equal, begin at round times, and are never more than a chart can show', () => {
  for (const minutes of [1, 34, 61, 600, 20_160, 44_640, 200_000]) {
    const { from, to, stepMs, steps } = inSteps(opened - 17_123, opened + minutes * minute);
    expect(steps).toBeLessThanOrEqual(242);
    expect(from.getTime() % stepMs).toBe(0);
    expect(to.getTime()).toBe(from.getTime() + steps * stepMs);
    expect(from.getTime()).toBeLessThanOrEqual(opened - 17_123);
  }
});
