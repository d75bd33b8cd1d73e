import type { Config } from '#config';
import type { Clock } from './clock.ts';
import type { Database } from './db/database.ts';
import type { Events } from './event-bus.ts';
import type { Live } from './live.ts';
import type { Logger } from './log.ts';
import type { Metrics } from './metrics.ts';
import type { Outbound } from './outbound/outbound.ts';
import type { Parts } from './parts.ts';
import type { ProcessState } from './process-state.ts';
import type { Settings } from './settings.ts';
import type { Vault } from './vault.ts';

/** Everything that the composition root gives to modules. A function takes the part it needs. */
export interface Ctx {
  /**
   * The present values: monitoring settings may change while the server runs, so read a value where you use
   * it.
   */
  readonly config: Config;
  readonly settings: Settings;
  readonly clock: Clock;
  readonly log: Logger;
  readonly db: Database;
  readonly events: Events;
  readonly live: Live;
  readonly outbound: Outbound;
  readonly vault: Vault;
  readonly metrics: Metrics;
  readonly process: ProcessState;
  /** What modules hold in memory; each part has a name. */
  readonly parts: Parts;
}
