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

/** Whether the work of one module is done, in any process. Shown in `/health/ready` and `/health/detailed`. */
export interface HealthSection {
  /** Its key in the answer. */
  readonly name: string;
  /** Reads the database. May throw when the database does not answer. */
  readonly look: (ctx: Ctx) => Promise<HealthCheck>;
}
