import { describe, expect, test } from 'vitest';
import type { Ping } from './ping.ts';
import { type PingConfig, scheduleOf } from './schedule.ts';
import {
  alarmAt,
  applyPing,
  freshPingState,
  judgeSilence,
  meaningOf,
  type PingState,
  phaseOf,
  runsMax,
} from './standing.ts';

const start = Date.parse('2026-11-21T03:00:00Z');
const minute = 60_000;
const hourly: PingConfig = { period: 3_600, timezone: 'UTC', grace: 600, methods: 'any' };
const schedule = scheduleOf(hourly);

function ping(kind: Ping['kind'], minutes: number, more: Partial<Ping> = {}): Ping {
  return {
    checkId: 'c',
    at: start + minutes * minute,
    kind,
    source: 'healthchecks',
    exitStatus: null,
    rid: null,
    method: 'GET',
    remoteAddress: '127.0.0.1',
    userAgent: 'curl',
    body: null,
    bodyBytes: 0,
    durationMs: null,
    ...more,
  };
}

function after(...pings: Ping[]): PingState {
  return pings.reduce<PingState>(
    (state, one) => applyPing(state, one, meaningOf(one, hourly), schedule).state,
    freshPingState,
  );
}

const phase = (state: PingState, minutes: number, status: 'pending' | 'up' | 'down' = 'up') =>
  phaseOf(state, { enabled: true, status }, schedule, start + minutes * minute);

describe('a check with a period', () => {
  test('is new until it checks in, and never alarms before', () => {
    expect(phase(freshPingState, 10_000, 'pending')).toBe('new');
    expect(alarmAt(freshPingState, schedule)).toBeNull();
    expect(judgeSilence(freshPingState, schedule, start, 0).verdict).toBeNull();
  });

  test('is up, then late within its grace, then down', () => {
    const state = after(ping('success', 0));
    expect([0, 59, 60, 69, 70].map((at) => phase(state, at))).toEqual(['up', 'up', 'late', 'late', 'down']);
    expect(judgeSilence(state, schedule, start + 69 * minute, 0).verdict).toBeNull();
    const missed = judgeSilence(state, schedule, start + 70 * minute, 0);
    expect(missed.verdict).toMatchObject({
      outcome: 'failed',
      reason:
        'It last checked in at 2026-11-21T03:00:00Z; the next one was expected at 2026-11-21T04:00:00Z, with 600 s of grace.',
    });
    // Every further silent period is one more failure.
    expect(alarmAt(missed.state, schedule)).toBe(start + 130 * minute);
  });

  test('counts everything missed while no worker ran as one failure', () => {
    const state = after(ping('success', 0));
    const { state: next } = judgeSilence(state, schedule, start + 100 * 60 * minute, 0);
    expect(alarmAt(next, schedule)).toBeGreaterThan(start + 100 * 60 * minute);
  });

  test('is not judged by a silence while we were away', () => {
    const state = after(ping('success', 0));
    const away = judgeSilence(state, schedule, start + 70 * minute, start + 55 * minute);
    expect(away.verdict).toMatchObject({ outcome: 'unable', reason: expect.stringMatching(/was away/) });
    expect(alarmAt(away.state, schedule)).toBe(start + 130 * minute);
    const present = judgeSilence(state, schedule, start + 70 * minute, start + 45 * minute);
    expect(present.verdict?.outcome).toBe('failed');
  });
});

describe('a run', () => {
  test('counts for the check-in that is due, and its length is measured', () => {
    const started = after(ping('success', 0), ping('start', 61));
    expect(phase(started, 69)).toBe('started');
    expect(alarmAt(started, schedule)).toBe(start + 71 * minute);
    const { state, verdict } = applyPing(started, ping('success', 65), 'success', schedule);
    expect(verdict).toMatchObject({ outcome: 'ok', durationMs: 4 * minute });
    expect(state).toMatchObject({ runs: [], lastDurationMs: 4 * minute, pings: 3 });
  });

  test('that takes too long is overrunning, is reported once, and still ends with its length', () => {
    const started = after(ping('success', 0), ping('start', 5));
    expect(phase(started, 15)).toBe('overrunning');
    const { state, verdict } = judgeSilence(started, schedule, start + 15 * minute, 0);
    expect(verdict).toMatchObject({
      outcome: 'failed',
      reason: expect.stringMatching(/longer than the 600 s/),
    });
    expect(judgeSilence(state, schedule, start + 16 * minute, 0).verdict).toBeNull();
    expect(phase(state, 16, 'down')).toBe('overrunning');
    // The next check-in keeps its due time.
    expect(alarmAt(state, schedule)).toBe(start + 70 * minute);
    const ended = applyPing(state, ping('success', 40), 'success', schedule);
    expect(ended.verdict).toMatchObject({ outcome: 'ok', durationMs: 35 * minute });
    expect(phase(ended.state, 40)).toBe('up');
  });

  test('of a new check can overrun too', () => {
    const started = after(ping('start', 0));
    expect(judgeSilence(started, schedule, start + 10 * minute, 0).verdict?.outcome).toBe('failed');
  });

  test('that may have ended while we were away is forgotten', () => {
    const started = after(ping('success', 0), ping('start', 1));
    const { state, verdict } = judgeSilence(started, schedule, start + 11 * minute, start + 5 * minute);
    expect(verdict?.outcome).toBe('unable');
    expect(state.runs).toEqual([]);
  });

  test('is identified by its run id', () => {
    const both = after(ping('start', 0, { rid: 'a' }), ping('start', 2, { rid: 'b' }));
    const first = applyPing(both, ping('success', 5, { rid: 'a' }), 'success', schedule);
    expect(first.verdict?.durationMs).toBe(5 * minute);
    expect(first.state.runs.map(({ rid }) => rid)).toEqual(['b']);
    const second = applyPing(first.state, ping('fail', 6, { rid: 'b' }), 'fail', schedule);
    expect(second.verdict).toMatchObject({ outcome: 'failed', durationMs: 4 * minute });
    expect(second.state.runs).toEqual([]);
    // An end without a known start has no length, and ends no other run.
    const stray = applyPing(both, ping('success', 5, { rid: 'c' }), 'success', schedule);
    expect(stray.verdict?.durationMs).toBeNull();
    expect(stray.state.runs).toHaveLength(2);
  });

  test('without a run id ends with any end; the number of open runs is limited', () => {
    const many = Array.from({ length: runsMax + 5 }, (_, index) =>
      ping('start', index, { rid: `r${index}` }),
    );
    const state = after(...many);
    expect(state.runs).toHaveLength(runsMax);
    expect(applyPing(state, ping('success', 90), 'success', schedule).state.runs).toEqual([]);
  });
});

describe('the meaning of a ping', () => {
  const body = (text: string) => Buffer.from(text).toString('base64');
  const words: PingConfig = {
    ...hourly,
    success_keywords: 'done, finished',
    failure_keywords: 'ERROR',
    start_keywords: 'begin',
  };

  test.each([
    ['all done', 'success'],
    ['begin', 'start'],
    ['finished with ERROR', 'fail'],
    ['so far so good', 'ignored'],
    ['', 'ignored'],
  ])('%j is %s by its keywords', (text, kind) => {
    expect(meaningOf(ping('success', 0, { body: body(text) }), words)).toBe(kind);
  });

  test.each([
    ['fail', 'all done', 'success'],
    ['start', 'ERROR: disk full', 'fail'],
    ['log', 'ERROR: disk full', 'fail'],
    ['log', 'begin', 'start'],
    ['fail', 'so far so good', 'ignored'],
    ['start', '', 'ignored'],
  ] as const)('whose address says %s is, with the words %j, %s: words decide', (kind, text, meaning) => {
    expect(meaningOf(ping(kind, 0, { body: body(text) }), words)).toBe(meaning);
  });

  test.each(['success', 'fail', 'start', 'log'] as const)(
    'is %s by its address where no keywords are set',
    (kind) => {
      expect(meaningOf(ping(kind, 0, { body: body('ERROR') }), hourly)).toBe(kind);
    },
  );

  test('is ignored with the wrong method', () => {
    const post: PingConfig = { ...hourly, methods: 'POST' };
    expect(meaningOf(ping('success', 0), post)).toBe('ignored');
    expect(meaningOf(ping('success', 0, { method: 'POST' }), post)).toBe('success');
  });

  test("of a failure names its exit status, or the sender's text", () => {
    const reason = (more: Partial<Ping>) =>
      applyPing(freshPingState, ping('fail', 0, more), 'fail', schedule).verdict?.reason;
    expect(reason({ exitStatus: 3 })).toBe('It ended with exit status 3.');
    expect(reason({ exitStatus: 0, body: body('ERROR: disk full') })).toBe(
      'It reported a failure: ERROR: disk full',
    );
    expect(reason({ body: body('disk full\nmore') })).toBe('It reported a failure: disk full');
    expect(reason({})).toBe('It reported a failure.');
  });
});

describe('a check with a cron expression', () => {
  const nightly = scheduleOf({ cron: '30 2 * * *', timezone: 'America/Halifax', grace: 600, methods: 'any' });

  test('is due in local time, over the changes of the clocks', () => {
    // The spring change skips 02:30 on the 8th; the job is due right after.
    const ended = applyPing(
      freshPingState,
      ping('success', 0, { at: Date.parse('2026-03-07T06:31:00Z') }),
      'success',
      nightly,
    );
    expect(new Date(ended.state.expectedAt ?? 0).toISOString()).toBe('2026-03-08T06:00:00.000Z');
    const next = judgeSilence(ended.state, nightly, Date.parse('2026-03-08T06:10:00Z'), 0);
    expect(next.verdict?.outcome).toBe('failed');
    expect(new Date(next.state.expectedAt ?? 0).toISOString()).toBe('2026-03-09T05:30:00.000Z');
  });
});
