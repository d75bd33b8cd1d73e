import { type ClockRule, clockWork, stampedRows } from './clock-step.ts';
import { claimSeconds, deleteOldEvents, eventOutbox } from './event-store.ts';
import { purgeIdempotencyKeys } from './idempotency-keys.ts';
import { intakeService } from './intake-service.ts';
import type { House, Module } from './module.ts';
import { takeOverQueue } from './older-queue.ts';
import { checkDeadLetters, keepOutboxes } from './outboxes.ts';
import { platformMetrics } from './own-metrics.ts';
import { platformPrivacy } from './own-privacy.ts';
import { definePart } from './parts.ts';
import { watchGapsRule } from './watch-gaps.ts';

const purgeSeconds = 3_600;
/** Given-up events are kept this long, for `watchkeeper jobs retry`. */
const eventDays = 14;
const olderQueueSeconds = 10;

const rulesPart = definePart<readonly ClockRule[]>('platform.clock_rules');

/** The clock rules of all modules. */
export function clockRulesOf(house: House): readonly ClockRule[] {
  return house.flatMap((module) => module.clockRules ?? []);
}

/** The periodic work of the platform itself. */
export const platformModule: Module = {
  name: 'platform',
  async start(ctx, house) {
    ctx.parts.put(rulesPart, clockRulesOf(house));
    keepOutboxes(ctx, house);
    return undefined;
  },
  clockRules: [
    stampedRows({ table: 'clock_steps', past: ['noticed_at', 'healed_at'] }),
    stampedRows({ table: 'watch_state', past: ['last_beat_at', 'watching_since'] }),
    watchGapsRule,
    stampedRows({ table: 'periodic_work', past: ['started_at', 'finished_at'] }),
    // An event that waits for its next attempt gets it now; one that is being worked on stays claimed.
    stampedRows({ table: 'domain_events', past: ['planned_at'], ahead: { plan_after: claimSeconds } }),
  ],
  outboxes: [eventOutbox],
  health: [{ name: 'outbox:failed', look: checkDeadLetters }],
  metrics: platformMetrics,
  services: [intakeService],
  privacy: platformPrivacy,
  periodic: [
    // First, because other work uses the times that this corrects.
    clockWork((ctx) => ctx.parts.get(rulesPart)),
    {
      name: 'platform.idempotency',
      everySeconds: () => purgeSeconds,
      ends: true,
      run: (ctx) => purgeIdempotencyKeys(ctx),
    },
    // Across tenants, both: what an age ends, or what a release left, names no organization.
    {
      name: 'platform.events',
      everySeconds: () => purgeSeconds,
      ends: true,
      run: (ctx) => ctx.db.system((tx) => deleteOldEvents(tx, eventDays)),
    },
    {
      name: 'platform.older_queue',
      everySeconds: () => olderQueueSeconds,
      run: async (ctx) => void (await ctx.db.system((tx) => takeOverQueue(tx))),
    },
  ],
};
