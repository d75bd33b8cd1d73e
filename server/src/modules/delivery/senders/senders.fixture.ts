import type { Clock } from '#platform/clock';
import { createOutbound } from '#platform/outbound/client';
import type { SendDeps } from '../outcome.ts';

export const publicUrl = 'https://watch.example.test';

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
    signal: over.signal ?? AbortSignal.timeout(120_000),
    timeoutMs: over.timeoutMs ?? 5_000,
    [Symbol.asyncDispose]: () => outbound[Symbol.asyncDispose](),
  };
}
