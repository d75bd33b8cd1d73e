import type { Clock } from '#platform/clock';
import { createOutbound } from '#platform/outbound/client';
import type { SendDeps } from './kind.ts';
import type { Facts, Message, Tone } from './message.ts';
import { composeMessage } from './templates.ts';

export const publicUrl = 'https://watch.example.test';

export function sampleFacts(over: Partial<Facts> = {}): Facts {
  return {
    alert_id: '01980000-0000-7000-8000-00000000a1e7',
    transition: 'opened',
    at: '2026-11-20T09:15:00.000Z',
    type: 'device_offline',
    severity: 'high',
    title: 'Bay 3 PC is offline',
    why: 'No heartbeat for 2 min 5 s; the limit is 2 min.',
    site: { slug: 'dartmouth', name: 'Dartmouth', timezone: 'America/Halifax' },
    area: 'Bay 3',
    device: { slug: 'bay-3-pc', name: 'Bay 3 PC' },
    opened_at: '2026-11-20T09:15:00.000Z',
    resolved_at: null,
    resolved_by: null,
    resolved_reason: null,
    ...over,
  };
}

export function resolvedFacts(over: Partial<Facts> = {}): Facts {
  return sampleFacts({
    transition: 'resolved',
    at: '2026-11-20T09:20:30.000Z',
    resolved_at: '2026-11-20T09:20:30.000Z',
    resolved_reason: 'A heartbeat arrived.',
    ...over,
  });
}

export function sampleMessage(
  items: readonly Facts[],
  over: { tone?: Tone; recipient?: string } = {},
): Message {
  return composeMessage({
    id: '01980000-0000-7000-8000-000000000e55',
    tone: over.tone ?? 'opened',
    createdAt: new Date('2026-11-20T09:15:01Z'),
    organization: { slug: 'northern-golf', name: 'Northern Golf' },
    recipient: over.recipient ?? 'ops@example.test',
    items,
    publicUrl,
  });
}

const standingClock: Clock = {
  now: () => Date.parse('2026-11-20T09:15:00Z'),
  monotonic: () => performance.now(),
};

/** Real ways out, to loopback only. */
export function testDeps(
  over: { smtpUrl?: string; timeoutMs?: number; signal?: AbortSignal } = {},
): SendDeps & AsyncDisposable {
  const outbound = createOutbound({ allow: ['127.0.0.0/8'], userAgent: 'Watchkeeper/test' });
  return {
    config: {
      email: {
        enabled: true,
        recipients: [],
        smtpUrl: over.smtpUrl,
        from: 'Watchkeeper <watch@example.test>',
      },
      http: { port: 0, host: '127.0.0.1', publicUrl, rateLimitPerMinute: 3000, trustedProxies: [] },
    },
    clock: standingClock,
    outbound,
    signal: over.signal ?? AbortSignal.timeout(20_000),
    timeoutMs: over.timeoutMs ?? 5_000,
    [Symbol.asyncDispose]: () => outbound[Symbol.asyncDispose](),
  };
}
