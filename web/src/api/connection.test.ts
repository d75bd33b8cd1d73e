import { describe, expect, test } from 'vitest';
import { backoffMs, type Connection, type ConnectionEvent, nextConnection, notConnected } from './connection';

function after(...events: ConnectionEvent[]): Connection {
  return events.reduce(nextConnection, notConnected);
}
const opening: ConnectionEvent = { kind: 'opening' };
const signal = (at: number): ConnectionEvent => ({ kind: 'signal', at });
const failed = (at: number): ConnectionEvent => ({ kind: 'failed', at });

describe('the connection', () => {
  test('is live from the first signal, and remembers the newest', () => {
    expect(after(opening, signal(10), signal(20))).toEqual({ state: 'live', lastSignalAt: 20 });
  });

  test('says nothing about a single break, because the normal end of a stream looks the same', () => {
    expect(after(signal(10), failed(20))).toEqual({ state: 'connecting', attempt: 1, since: 20 });
    expect(after(signal(10), failed(20), signal(30))).toEqual({ state: 'live', lastSignalAt: 30 });
  });

  test('is lost from the second failure in a row and says since when', () => {
    expect(after(signal(10), failed(20), failed(30), failed(40))).toEqual({
      state: 'lost',
      since: 20,
      attempt: 3,
    });
  });

  test('is live again with the next signal', () => {
    expect(after(failed(1), failed(2), failed(3), opening, signal(4))).toEqual({
      state: 'live',
      lastSignalAt: 4,
    });
  });

  test('does not count failures of a hidden page, and starts again when it is visible', () => {
    expect(after(signal(1), { kind: 'paused' }, failed(2))).toEqual({ state: 'paused' });
    expect(after({ kind: 'paused' }, opening)).toEqual(notConnected);
  });
});

describe('the back-off', () => {
  test('doubles up to its ceiling and keeps half of it as jitter', () => {
    expect([1, 2, 3, 20].map((attempt) => backoffMs(attempt, 1, undefined))).toEqual([
      1_000, 2_000, 4_000, 20_000,
    ]);
    expect(backoffMs(3, 0, undefined)).toBe(2_000);
  });

  test('waits at least as long as the server asks, within reason', () => {
    expect(backoffMs(1, 0, 10)).toBe(10_000);
    expect(backoffMs(1, 0, 86_400)).toBe(20_000);
  });
});
