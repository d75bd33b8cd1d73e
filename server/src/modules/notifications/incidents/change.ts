import type { Severity } from '@watchkeeper/contracts';
import type { Transition } from '#modules/delivery';
import type { Facts } from './facts.ts';

/** One change of one incident, with the facts that decide who is notified. */
export interface IncidentTransition extends Transition<Facts> {
  readonly severity: Severity;
  /** The incident as it is now. This may be later than the change. */
  readonly status: string;
  readonly mutedBy: string | null;
  readonly mutedReason: string | null;
  readonly flapping: boolean;
  readonly snoozed: boolean;
  /** A person made the change. */
  readonly byHand: boolean;
  /** Its alerts were told by the release before: nobody is told again. */
  readonly adopted: boolean;
  /** Of `steadied`: it is over, which the next change tells. */
  readonly over: boolean;
  /** Of `merged`: the number of the incident that it became part of. */
  readonly into: number | null;
  /** Channels that the rules of its alerts name (see channel-words.ts); none: all. */
  readonly tells: readonly string[];
  readonly escalateTo: readonly string[];
}
