import type { Ctx } from './context.ts';

export type HealthStatus = 'pass' | 'warn' | 'fail';

export interface HealthCheck {
  status: HealthStatus;
  /** In words, for the person who reads it. */
  output?: string;
  observed_value?: number;
  observed_unit?: string;
}

export type HealthChecks = Record<string, HealthCheck>;

/** Whether the work of one module is done, whichever process does it: in `/health/ready` and `/health/detailed`. */
export interface HealthSection {
  /** Its key in the answer. */
  readonly name: string;
  /** Asks the database; where that does not answer it may throw. */
  readonly look: (ctx: Ctx) => Promise<HealthCheck>;
}
