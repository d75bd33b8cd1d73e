import { expect, test } from 'vitest';
import { type HostFigures, judgeHost } from './agent.ts';

const now = Date.parse('2026-03-02T12:00:00Z');
const limits = { cpu: 80, memory: 85, disk: 90, offlineMs: 120_000 };
const figures = (more: Partial<HostFigures> = {}): HostFigures => ({
  check_id: 'check',
  last_seen_at: new Date(now - 20_000),
  cpu_usage: 40,
  memory_usage: 50,
  disk_usage: 60,
  received: 1_250_000,
  sent: null,
  ...more,
});

test.each<[string, Parameters<typeof judgeHost>[0], Partial<HostFigures>, string, RegExp]>([
  ['within the limits', {}, {}, 'ok', /^CPU 40 %, Memory 50 %, Disk 60 %\.$/],
  ['at a limit', {}, { cpu_usage: 80 }, 'ok', /CPU 80 %/],
  ['over a limit of the installation', {}, { disk_usage: 95.04 }, 'failed', /^Disk 95 %, at most 90\.$/],
  ['over a limit of its own', { cpu_max: 30 }, {}, 'failed', /^CPU 40 %, at most 30\.$/],
  ['within a wider limit of its own', { disk_max: 99 }, { disk_usage: 95 }, 'ok', /Disk 95/],
  ['over two', {}, { cpu_usage: 99, memory_usage: 99 }, 'failed', /^CPU 99 %, at most 80; Memory 99 %/],
  ['with too much traffic', { receive_max: 9 }, {}, 'failed', /^Network in 10 Mbit\/s, at most 9\.$/],
  ['with a figure missing', { send_max: 9 }, { cpu_usage: null }, 'ok', /^Memory 50 %, Disk 60 %\.$/],
  [
    'with none',
    {},
    { cpu_usage: null, memory_usage: null, disk_usage: null },
    'unable',
    /none of the figures/,
  ],
  ['silent', {}, { last_seen_at: new Date(now - 121_000) }, 'unable', /silent for 2 min/],
  ['never heard', {}, { last_seen_at: null }, 'unable', /has not sent a heartbeat/],
])('a host %s', (_what, config, more, outcome, reason) => {
  const probe = judgeHost(config, figures(more), limits, now);
  expect(probe.reason).toMatch(reason);
  expect(probe.outcome).toBe(outcome);
});
