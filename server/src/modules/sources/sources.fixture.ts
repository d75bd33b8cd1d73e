import { createOutbound } from '#platform/outbound/client';
import type { Bookmark, Reading, SourceObject } from './reading.ts';
import { kindsFor, sourceKinds } from './registry.ts';
import { TokenCache } from './tokens.ts';

/** Reads devices from one source as the engine does, with its own clock and with loopback permitted. */
export function reader(name: string, config: Record<string, unknown>) {
  const kind = kindsFor('devices').find((one) => one.kind === name);
  if (kind === undefined) throw new Error(`No kind of sources reads devices under the name ${name}.`);
  const cache = new TokenCache();
  const log: string[] = [];
  let now = Date.now();
  return {
    log,
    advance(seconds: number) {
      now += seconds * 1_000;
    },
    now: () => now,
    async read(options: { bookmark?: Bookmark; timeoutMs?: number } = {}): Promise<Reading<SourceObject>> {
      await using outbound = createOutbound({ allow: ['127.0.0.0/8'], userAgent: 'Watchkeeper/test' });
      const timeoutMs = options.timeoutMs ?? 10_000;
      return await kind.read(sourceKinds.parse(kind, config), {
        outbound,
        signal: AbortSignal.timeout(timeoutMs),
        timeoutMs,
        userAgent: 'Watchkeeper/test',
        owner: 'tests',
        now: () => now,
        time: () => undefined,
        log: (line) => void log.push(line),
        tokens: cache.of('source:1', () => now),
        bookmark: options.bookmark ?? {},
      });
    },
  };
}

export function stateOf(
  reading: Reading<SourceObject>,
  externalId: string,
): SourceObject['state'] | undefined {
  return reading.objects.find((object) => object.externalId === externalId)?.state;
}
