import type { Severity, SubjectKind } from '@watchkeeper/contracts';
import type { WatchState } from '#platform/watch';
import type { WatchGap } from '#platform/watch-gaps';

/** What the environment says where a rule's own config leaves a value open (null). */
export interface EnvironmentLimits {
  readonly offlineSeconds: number;
  /** By metric name. */
  readonly thresholds: Readonly<Record<string, number>>;
}

/** Everything beside the observation that a judgement may rest on. No clock, no database. */
export interface Moment {
  readonly now: Date;
  readonly watch: WatchState;
  readonly limits: EnvironmentLimits;
  /** Why silence is not judged at the moment; null when it is. */
  readonly pausedReason: string | null;
  /** An outage of ours that goes on: it is written down when it ends. */
  readonly gap?: WatchGap;
}

/**
 * `firing`: the condition holds. `pending`: it holds, but not yet for as long as the rule asks.
 * `ok`: it is known not to hold. `unknown`: there is no data to tell; it changes nothing.
 */
export type Verdict = 'firing' | 'pending' | 'ok' | 'unknown';

export interface Judgement {
  readonly verdict: Verdict;
  /** The number that was compared, if there was one. */
  readonly value: number | null;
  /** In words and numbers, for the person who is woken by it. */
  readonly why: string;
  readonly details: Readonly<Record<string, unknown>>;
}

export interface Subject {
  readonly kind: SubjectKind;
  readonly id: string;
  readonly name: string;
}

/** The rule as detection needs it; one row per finding, so it stays small. */
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
  /** The status its device shows now; null when the subject is no device. */
  readonly deviceStatus: string | null;
  readonly openAlertId: string | null;
  /** Until then this subject opens no new alert under this rule. */
  readonly coolingUntil: Date | null;
  /** Since when the condition has held without having fired. */
  readonly pendingSince: Date | null;
  /** Which condition that was (`awaits`); null: nobody said. */
  readonly pendingCondition: string | null;
  readonly data: Data;
}

/** What is remembered of this subject is a wait for something else than `condition`. */
export function waitsForAnother(
  { pendingSince, pendingCondition }: Pick<Observation<unknown>, 'pendingSince' | 'pendingCondition'>,
  condition: string | null,
): boolean {
  return (
    pendingSince !== null && condition !== null && pendingCondition !== null && pendingCondition !== condition
  );
}
