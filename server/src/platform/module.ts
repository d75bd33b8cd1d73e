import type { PasswordLink } from '@watchkeeper/contracts/identity';
import type { ClockRule } from './clock-step.ts';
import type { Ctx } from './context.ts';
import type { Tx } from './db/database.ts';
import type { Subscription } from './events.ts';
import type { HealthSection } from './health.ts';
import type { App } from './http/app.ts';
import type { LiveTopic } from './live.ts';
import type { MetricReading } from './metric-readings.ts';
import type { Outbox } from './outbox.ts';
import type { PeriodicWork } from './periodic.ts';
import type { PersonalData } from './privacy.ts';
import type { SearchPart } from './search.ts';
import type { ServiceLook } from './services.ts';

/** All modules of one server, floor by floor. */
export type House = readonly Module[];

/** What a module adds to HTTP: the exports of its `http.ts`. */
export interface HttpPart {
  /** Makes the resources that only requests need, before any route. The result is disposed after the last request. */
  readonly start?: (ctx: Ctx, house: House) => Promise<AsyncDisposable | undefined>;
  /** Hooks on the requests of all modules, added before the first route. */
  readonly everywhere?: (app: App, ctx: Ctx) => void;
  readonly routes: (app: App, ctx: Ctx, house: House) => void | Promise<void>;
}

/** Gives a new organization its first rows, before anybody can see it. Idempotent. */
export type OrganizationSeed = (
  ctx: Ctx,
  tx: Tx,
  organization: { readonly id: string; readonly slug: string },
) => Promise<void>;

/**
 * What a module contributes to the server; app.ts lists them floor by floor. Everything a module brings is
 * listed here: nothing registers itself while a file is loaded or while routes are added.
 *
 * A slot whose type
 * belongs to a module is declared by that module (`declare module '#platform/module'`): `manifest` by
 * inventory, `sourceSinks` by sources, `coverableChecks` by maintenance, `topics` and `channelRenamed` by
 * delivery, `ruleChannels` and `ruleEscalations` by alerting.
 */
export interface Module {
  readonly name: string;
  /** `() => import('./http.ts')`: loaded only by a process that serves HTTP, never by a pass from cron. */
  readonly http?: () => Promise<HttpPart>;
  /** How the global search finds rows of this module. */
  readonly search?: readonly SearchPart[];
  /** `subscriptions` and `periodic` run in every worker. */
  readonly subscriptions?: readonly Subscription[];
  readonly periodic?: readonly PeriodicWork[];
  /** The times in its rows, and how to correct them when the clock goes back. */
  readonly clockRules?: readonly ClockRule[];
  /** Tables whose rows are worked on once. Listed here, so that given-up rows are seen and can be retried. */
  readonly outboxes?: readonly Outbox[];
  /** Whether its work gets done, in words. */
  readonly health?: readonly HealthSection[];
  /** Watchkeeper's own services that it answers for: system status, its history, `/metrics`. */
  readonly services?: readonly ServiceLook[];
  /** Figures of its work, read each time somebody reads `/metrics`. */
  readonly metrics?: readonly MetricReading[];
  /** The topics on which open screens are notified. */
  readonly live?: readonly LiveTopic[];
  /** The data that it keeps of people: how to export it, and how to erase it. */
  readonly privacy?: readonly PersonalData[];
  readonly seeds?: readonly OrganizationSeed[];
  /**
   * Makes an empty installation usable, before any module starts.
   * @returns the link to create the first
   * owner; null when there is a user.
   */
  readonly firstStart?: (ctx: Ctx, house: House) => Promise<PasswordLink | null>;
  /** Owned resources (buffers, caches, listeners), in every process. Disposed in reverse order on stop. */
  readonly start?: (ctx: Ctx, house: House) => Promise<AsyncDisposable | undefined>;
  /** Starts work with its own rhythm in every worker, when the server is up. The resource of `start` ends it. */
  readonly work?: (ctx: Ctx) => void;
  /**
   * For `watchkeeper work --once`, before the events: does the work that is due, so that its events are handled in the
   * same pass.
   */
  readonly workOnce?: (ctx: Ctx) => Promise<void>;
  /** The same, after all events, until nothing is due. Returns how many messages it tried to send. */
  readonly tellOnce?: (ctx: Ctx, signal: AbortSignal) => Promise<number>;
}
