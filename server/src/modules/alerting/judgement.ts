import type { Severity, SubjectKind } from '@watchkeeper/contracts';
import type { WatchState } from '#platform/watch';
import type { WatchGap } from '#platform/watch-gaps';

/** The limits of the environment, used where a rule's own config leaves a value open (null). */
export interface EnvironmentLimits {
  readonly offlineSeconds: number;
  /** By metric name. */
  readonly thresholds: Readonly<Record<string, number>>;
}

/** Everything that a judgement may depend on, apart from the observation. No clock, no database. */
export interface Moment {
  readonly now: Date;
  readonly watch: WatchState;
  readonly limits: EnvironmentLimits;
  /** Why silence is not judged at this moment; null when it is judged. */
  readonly pausedReason: string | null;
  /** An outage of Watchkeeper that is not over. It is stored when it ends. */
  readonly gap?: WatchGap;
}

/**
 * `firing`: the condition holds. `pending`: it holds, but not yet for as long as the rule asks. `ok`: we know that it
 * does not hold. `unknown`: the data does not tell, so nothing changes.
 */
export type Verdict = 'firing' | 'pending' | 'ok' | 'unknown';

export interface Judgement {
  readonly verdict: Verdict;
  /** The number that was compared, if there was one. */
  readonly value: number | null;
  /** In words and numbers, for the person whom the alert wakes. */
  readonly why: string;
  readonly details: Readonly<Record<string, unknown>>;
}

export interface Subject {
  readonly kind: SubjectKind;
  readonly id: string;
  readonly name: string;
}

/** The parts of a rule that detection needs. Every finding has one, so it stays small. */
export interface ObservedRule {
  readonly id: string;
  readonly organizationId: string;
  readonly type: string;
  readonly name: string;
  readonly severity: Severity;
  readonly autoResolve: boolean;
  readonly cooldownSeconds: number;
  readonly config: object;
}

/** What is known of one subject under one rule. */
export interface Observation<Data> {
  readonly rule: ObservedRule;
  readonly subject: Subject;
  readonly siteId: string | null;
  readonly deviceId: string | null;
  /** The status that its device shows now; null when the subject is not a device. */
  readonly deviceStatus: string | null;
  readonly openAlertId: string | null;
  /** Until this time the subject opens no new alert under this rule. */
  readonly coolingUntil: Date | null;
  /** Since when the condition has held without firing. */
  readonly pendingSince: Date | null;
  /** The condition that `pendingSince` belongs to (see `awaits`); null: not recorded. */
  readonly pendingCondition: string | null;
  readonly data: Data;
}

/** Whether the stored wait of this subject is for another condition than `condition`. */
export function waitsForAnother(
  { pendingSince, pendingCondition }: Pick<Observation<unknown>, 'pendingSince' | 'pendingCondition'>,
  condition: string | null,
): boolean {
  return (
    pendingSince !== null && condition !== null && pendingCondition !== null && pendingCondition !== condition
  );
}
