import type { AlertVerb } from '#modules/alerting';
import type { Scope } from '#modules/identity';
import type { Ctx } from '#platform/context';
import type { Tx } from '#platform/db/database';
import type { IncidentRow } from '../inbox/incident-store.ts';

/** An action of a person on incidents. Each goes through by-hand.ts and leaves one audit row per incident. */
export interface IncidentVerb {
  readonly action: string;
  /** Changes the incidents alone. Returns those that changed. */
  apply(ctx: Ctx, tx: Tx, scope: Scope, ids: readonly string[]): Promise<readonly string[]>;
  /** What it does to the alerts of the incidents that changed. */
  readonly onAlerts?: OnAlerts;
  /** For an incident that did not change: why that is a conflict; undefined: it is in the wanted state already. */
  refusal(incident: IncidentRow): string | undefined;
  /** Fields that the audit row has beside the status. */
  readonly noted?: Readonly<Record<string, unknown>>;
}

export interface OnAlerts {
  readonly verb: AlertVerb;
  /** Only alerts that ended together with their incident: those that ended before stay over. */
  readonly onlyEndedWithIt?: boolean;
}
