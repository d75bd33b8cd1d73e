import type { Clock } from '#platform/clock';

/** A clock that stands still until the test moves it. */
export interface TestClock extends Clock {
  set(at: Date | string): void;
  advance(seconds: number): void;
}

export function testClock(start: Date | string = '2026-03-02T12:00:00Z'): TestClock {
  let now = new Date(start).getTime();
  return {
    now: () => now,
    monotonic: () => performance.now(),
    set(at) {
      now = new Date(at).getTime();
    },
    advance(seconds) {
      now += seconds * 1000;
    },
  };
}
