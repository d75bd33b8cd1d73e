import type { DeviceStatus } from '@watchkeeper/contracts';
import { describe, expect, it } from 'vitest';
import { type TimelineFacts, timelineOf } from './timeline.ts';

const change = (at: number, was: DeviceStatus, status: DeviceStatus) => ({ at: new Date(at), was, status });
const told = (facts: Partial<TimelineFacts>) =>
  timelineOf({
    from: 100,
    to: 200,
    changes: [],
    before: undefined,
    current: undefined,
    createdAt: 0,
    ...facts,
  }).map((span) => [Date.parse(span.from), Date.parse(span.to), span.status]);

describe('timelineOf', () => {
  it('shows the present status when nothing changed within the window', () => {
    expect(told({ current: { status: 'online', since: 50 } })).toEqual([[100, 200, 'online']]);
    expect(told({ before: change(40, 'online', 'offline') })).toEqual([[100, 200, 'offline']]);
  });

  it('cuts the window at each change, and begins with the status before the first', () => {
    expect(told({ changes: [change(120, 'online', 'offline'), change(150, 'offline', 'online')] })).toEqual([
      [100, 120, 'online'],
      [120, 150, 'offline'],
      [150, 200, 'online'],
    ]);
  });

  it('leaves out the time before the device existed', () => {
    expect(told({ createdAt: 130, changes: [change(140, 'unknown', 'online')] })).toEqual([
      [100, 130, null],
      [130, 140, 'unknown'],
      [140, 200, 'online'],
    ]);
  });

  it('does not guess the status before changes were recorded', () => {
    expect(told({ current: { status: 'online', since: 160 } })).toEqual([
      [100, 160, null],
      [160, 200, 'online'],
    ]);
    expect(told({})).toEqual([[100, 200, null]]);
  });

  it('joins neighbours of one status and leaves out those without a length', () => {
    expect(told({ changes: [change(120, 'online', 'degraded'), change(120, 'degraded', 'online')] })).toEqual(
      [[100, 200, 'online']],
    );
  });
});
