import { describe, expect, test } from 'vitest';
import { flagOf, inOrder, verdictOf } from './verdict.ts';
import { accessLogVoice, type CheckWord, checkVoice, heartbeatVoice, type VerdictTimes } from './voices.ts';

const now = Date.parse('2026-03-02T12:00:00Z');
const times: VerdictTimes = { now, offlineMs: 120_000, watchingSince: now - 86_400_000 };
const ago = (seconds: number) => new Date(now - seconds * 1_000);

const beat = (secondsAgo: number, status: 'online' | 'degraded' | 'offline' = 'online', at = times) =>
  heartbeatVoice(
    {
      last_seen_at: ago(secondsAgo),
      heartbeat_status: status,
      heartbeat_since: ago(3_600),
      reported_status: null,
    },
    at,
  );

const word = (more: Partial<CheckWord>): CheckWord => ({
  slug: 'check',
  name: 'Check',
  kind: 'icmp',
  status: 'up',
  since: ago(600),
  reason: null,
  last_at: ago(10),
  last_outcome: 'ok',
  last_reason: 'It answered.',
  failures: 0,
  alert_after: 3,
  interval_seconds: 30,
  source_slug: null,
  source_name: null,
  observed_state: null,
  observed_since: null,
  observed_at: null,
  event_at: null,
  event_credential: null,
  event_result: null,
  ...more,
});

const rmm = (state: 'online' | 'offline' | 'unknown' | 'missing', more: Partial<CheckWord> = {}) =>
  checkVoice(
    word({
      kind: 'ninjaone',
      status: state === 'offline' ? 'down' : 'up',
      source_slug: 'rmm',
      source_name: 'NinjaOne',
      observed_state: state,
      observed_since: ago(840),
      observed_at: ago(20),
      ...more,
    }),
    times,
  );
const look = (status: 'up' | 'down' | 'unknown', more: Partial<CheckWord> = {}) =>
  checkVoice(word({ status, last_outcome: status === 'up' ? 'ok' : 'failed', ...more }), times);

const judge = (...voices: (ReturnType<typeof checkVoice> | null)[]) => {
  const said = voices.filter((voice) => voice !== null);
  const verdict = verdictOf(said);
  return { ...verdict, flag: flagOf(verdict, said) };
};

describe('the verdict', () => {
  test('is unknown when no source has said anything', () => {
    expect(judge()).toMatchObject({ status: 'unknown', decidedBy: null, flag: null });
  });

  test('believes a live agent before the remote management, and says that they disagree', () => {
    const verdict = judge(rmm('offline'), beat(12));
    expect(verdict).toMatchObject({
      status: 'online',
      decidedBy: 'Its own agent',
      disagreement: true,
      flag: 'sources_disagree',
    });
    expect(verdict.reason).toBe(
      'Its own agent reported 12 s ago. They disagree: NinjaOne says offline for 14 min, seen 20 s ago. Its own agent counts first.',
    );
  });

  test('believes a silent agent before a remote management that still says online', () => {
    expect(judge(beat(300, 'offline'), rmm('online'))).toMatchObject({
      status: 'offline',
      disagreement: true,
      flag: 'offline',
    });
  });

  test('believes the remote management when there is no agent', () => {
    expect(judge(rmm('offline'))).toMatchObject({
      status: 'offline',
      decidedBy: 'NinjaOne',
      flag: 'offline',
    });
    expect(judge(rmm('online'))).toMatchObject({ status: 'online', disagreement: false, flag: null });
  });

  test('ignores every statement older than five minutes', () => {
    expect(judge(rmm('offline', { observed_at: ago(300) })).status).toBe('offline');
    const stale = judge(rmm('offline', { observed_at: ago(301) }));
    expect(stale).toMatchObject({ status: 'unknown', flag: 'source_stale' });
    expect(stale.reason).toBe(
      'Its state is not known. NinjaOne last said offline, 5 min ago; that is too old to count.',
    );
    expect(judge(rmm('online', { observed_at: ago(301) })).status).toBe('unknown');
  });

  test('takes the next source in the order when the first does not know', () => {
    const briefly = { ...times, watchingSince: now - 60_000 };
    const verdict = judge(beat(300, 'online', briefly), rmm('online'));
    expect(verdict).toMatchObject({ status: 'online', decidedBy: 'NinjaOne', disagreement: false });
  });

  test('is unknown when a source has removed the device or does not know', () => {
    expect(judge(rmm('missing')).status).toBe('unknown');
    expect(judge(rmm('unknown')).status).toBe('unknown');
  });

  test('is unresponsive when the device does not answer us, and degraded when it answers only in part', () => {
    expect(judge(look('down')).status).toBe('unresponsive');
    const half = judge(look('up'), look('down', { slug: 'web', name: 'Web', last_reason: 'Status 500.' }));
    expect(half).toMatchObject({ status: 'degraded', reason: 'Web: Status 500.', flag: 'degraded' });
    expect(judge(beat(5, 'degraded')).status).toBe('degraded');
  });

  test('does not count a failure before it is confirmed, and shows it', () => {
    const voice = rmm('offline', { status: 'up', failures: 1, last_outcome: 'failed' });
    expect(voice).toMatchObject({ state: 'offline', countsAs: 'online' });
    expect(voice.words).toMatch(/\(1 of 3 failures in a row; not confirmed yet\)$/);
  });

  test('reports a disagreement only when a source says otherwise for the second time', () => {
    const onceFailed = look('up', { failures: 1, last_outcome: 'failed' });
    expect(judge(beat(5), onceFailed).flag).toBeNull();
    expect(judge(beat(5), look('unknown', { failures: 1 })).flag).toBeNull();
    expect(judge(beat(5), look('unknown', { failures: 3 })).flag).toBe('sources_disagree');
    // Held back because the agent reports, from its first such run to its last.
    const held = (turns: number) => ({
      status: 'unknown' as const,
      last_outcome: 'unable',
      alert_after: 2,
      since: ago(10 + turns * 30),
    });
    expect(judge(beat(5), rmm('offline', held(0))).flag).toBeNull();
    expect(judge(beat(5), rmm('offline', held(1))).flag).toBe('sources_disagree');
    expect(judge(beat(5), rmm('offline', { ...held(0), alert_after: 1 })).flag).toBe('sources_disagree');
  });

  test('does not depend on the order of the statements', () => {
    const voices = [beat(10), rmm('offline'), look('up')].filter((voice) => voice !== null);
    expect(verdictOf(voices)).toEqual(verdictOf(voices.toReversed()));
    expect(inOrder(voices).map((voice) => voice.witness)).toEqual(['agent', 'direct', 'rmm']);
  });
});

describe('the agent', () => {
  test('is silent as soon as a rule with a shorter limit has called it offline', () => {
    expect(beat(40, 'offline')).toMatchObject({
      state: 'offline',
      words: 'Its own agent has been silent for 40 s.',
    });
  });

  test('is not expected when it never sent a heartbeat', () => {
    expect(
      heartbeatVoice(
        { last_seen_at: null, heartbeat_status: 'unknown', heartbeat_since: null, reported_status: null },
        times,
      ),
    ).toBeNull();
  });

  test('is silent only when we have listened for the whole time', () => {
    expect(beat(300)?.state).toBe('offline');
    expect(beat(300, 'online', { ...times, watchingSince: now - 100_000 })?.state).toBe('unknown');
  });
});

describe('our own check', () => {
  test('is fresh for two of its intervals, and for at least five minutes', () => {
    expect(look('up', { last_at: ago(299), interval_seconds: 10 }).fresh).toBe(true);
    expect(look('up', { last_at: ago(301), interval_seconds: 10 })).toMatchObject({
      fresh: false,
      countsAs: 'unknown',
    });
    expect(look('up', { last_at: ago(7_000), interval_seconds: 3_600 }).fresh).toBe(true);
  });
});

test('an opening in the access log counts for a door for five minutes', () => {
  const log = (secondsAgo: number) =>
    accessLogVoice(
      word({
        source_slug: 'doors',
        source_name: 'Doors',
        event_at: ago(secondsAgo).toISOString(),
        event_credential: 'NFC',
        event_result: 'ACCESS',
      }),
      times,
    );
  expect(log(20)).toMatchObject({ state: 'online', fresh: true, words: 'It was opened by NFC 20 s ago.' });
  expect(log(400)).toMatchObject({ fresh: false, countsAs: 'unknown' });
});
