import { expect, test } from 'vitest';
import type { Observed } from './observation-store.ts';
import { judgeObserved } from './observed.ts';

const now = Date.parse('2026-03-02T12:00:00Z');
const ago = (seconds: number) => new Date(now - seconds * 1_000);
const offlineMs = 120_000;

const observed = (more: Partial<Observed> = {}): Observed => ({
  check_id: 'check',
  source_name: 'NinjaOne',
  source_status: 'up',
  source_fault: null,
  source_on: true,
  read_at: ago(30),
  name: 'BAY-3',
  state: 'online',
  reason: null,
  since: ago(3_600),
  observed_at: ago(30),
  details: {},
  last_seen_at: null,
  ...more,
});

test.each<[string, Partial<Observed>, string, RegExp]>([
  ['online', {}, 'ok', /^NinjaOne says online for 60 min\.$/],
  ['offline', { state: 'offline' }, 'failed', /says offline for 60 min\.$/],
  ['online five minutes ago', { read_at: ago(300), observed_at: ago(300) }, 'ok', /says online/],
  [
    'online longer ago',
    { read_at: ago(301), observed_at: ago(301), source_fault: 'It answered 503.' },
    'unable',
    /last read 5 min ago.*too old to count\. It answered 503\.$/,
  ],
  [
    'offline longer ago',
    { state: 'offline', read_at: ago(3_000), observed_at: ago(3_000) },
    'unable',
    /too old to count\.$/,
  ],
  [
    'something only in an earlier reading',
    { observed_at: ago(400) },
    'unable',
    /last reported on it 7 min ago/,
  ],
  [
    'nothing, because it was never read',
    { read_at: null, state: null, observed_at: null },
    'unable',
    /not been read yet/,
  ],
  [
    'nothing, because it is switched off',
    { read_at: ago(900), source_on: false },
    'unable',
    /too old to count\. It is switched off\.$/,
  ],
  ['nothing of this one', { state: null, observed_at: null }, 'unable', /does not list "4101"/],
  ['that it is gone', { state: 'missing' }, 'unable', /removed there. That does not mean offline/],
  [
    'that it does not know',
    { state: 'unknown', reason: 'The agent that watches it is offline itself.' },
    'unable',
    /cannot tell\. The agent that watches it/,
  ],
  [
    'offline, of a device whose agent reports',
    { state: 'offline', last_seen_at: ago(12) },
    'unable',
    /says offline for 60 min, but its own agent reported 12 s ago and counts\.$/,
  ],
  [
    'offline, of a device whose agent is silent',
    { state: 'offline', last_seen_at: ago(130) },
    'failed',
    /offline/,
  ],
])('a source that says %s', (_what, more, outcome, reason) => {
  const probe = judgeObserved(observed(more), '4101', now, offlineMs);
  expect(probe.reason).toMatch(reason);
  expect(probe.outcome).toBe(outcome);
});
