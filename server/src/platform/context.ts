import type { Config } from '#config';
import type { Clock } from './clock.ts';
import type { Database } from './db/database.ts';
import type { Events } from './event-bus.ts';
import type { Jobs } from './job-queue.ts';
import type { Live } from './live.ts';
import type { Logger } from './log.ts';
import type { Metrics } from './metrics.ts';
import type { Outbound } from './outbound/outbound.ts';
import type { Parts } from './parts.ts';
import type { ProcessState } from './process-state.ts';
import type { Settings } from './settings.ts';
import type { Vault } from './vault.ts';

/** What the composition root hands to every module. A function asks for the slice it uses. */
export interface Ctx {
  /** As it stands now: monitoring settings may change while the house runs, so read a value where it is used. */
  readonly config: Config;
  readonly settings: Settings;
  readonly clock: Clock;
  readonly log: Logger;
  readonly db: Database;
  readonly jobs: Jobs;
  readonly events: Events;
  readonly live: Live;
  readonly outbound: Outbound;
  readonly vault: Vault;
  readonly metrics: Metrics;
  readonly process: ProcessState;
  /** What modules hold in memory; each part is named where it is made. */
  readonly parts: Parts;
}
