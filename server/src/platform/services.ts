import type { ServiceName, ServiceStatus } from '@watchkeeper/contracts/operations';
import type { Ctx } from './context.ts';
import type { Tx } from './db/database.ts';

/** How one of Watchkeeper's own services is found, of the whole installation. */
export interface ServiceState {
  readonly status: ServiceStatus;
  /** What is wrong, in a sentence; null: nothing. */
  readonly output: string | null;
  readonly value: number | null;
  /** Of `value`, as it is read behind it: "s late". */
  readonly unit: string | null;
}

/** A service that a module answers for, in the system status, its history and `/metrics`. */
export interface ServiceLook {
  readonly service: ServiceName;
  /** Asks the database, so that any process can tell. `tx` sees all tenants. */
  readonly look: (ctx: Ctx, tx: Tx, now: Date) => Promise<ServiceState>;
}
