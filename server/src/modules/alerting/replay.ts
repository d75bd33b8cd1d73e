import type { WatchState } from '#platform/watch';
import type { EnvironmentLimits, Judgement, Subject } from './judgement.ts';

/** The rule that a backtest replays; it need not be saved. */
export interface ReplayedRule {
  readonly organizationId: string;
  readonly siteId: string | null;
  readonly deviceTypeId: string | null;
  readonly config: object;
  /** Only this subject, wherever it is now; left out: all subjects of the rule. */
  readonly subject?: Pick<Subject, 'kind' | 'id'>;
}

export interface ReplaySpan {
  readonly from: Date;
  readonly to: Date;
  readonly limits: EnvironmentLimits;
  /** Times when we did not watch, oldest first. */
  readonly gaps: readonly { from: Date; to: Date }[];
  /** The instants at which a chart reads a number that stays (or grows) between two changes; oldest first. */
  readonly edges: readonly Date[];
  /** When this returns true, no further subjects are read. */
  readonly isSpent: () => boolean;
}

/** One subject's past: the instants at which the judgement can change. */
export interface Track<Data> {
  readonly subject: Subject;
  readonly points: readonly { readonly at: Date; readonly watch: WatchState; readonly data: Data }[];
  /** When its place was open, for kinds that judge by opening hours. */
  readonly open?: readonly { readonly from: Date; readonly to: Date }[];
}

export interface Replay<Data> {
  readonly tracks: readonly Track<Data>[];
  readonly subjectsTotal: number;
  readonly notes: readonly string[];
}

/** What a chart shows of one judgement. */
export interface Reading {
  /** null: unknown at that moment. */
  readonly value: number | null;
  /** The limit at that moment, which the value was compared with. */
  readonly limit: number | null;
  /** A second number that explains the first, e.g. the usual number; named by `RuleSignal.beside`. */
  readonly beside: number | null;
  /** The number of events that the value was computed from. */
  readonly samples: number | null;
}

export interface JudgedTrack {
  readonly subject: Subject;
  readonly points: readonly {
    readonly at: Date;
    readonly judge: (pendingSince: Date | null) => Judgement & { readonly reading: Reading };
  }[];
  readonly open: readonly { readonly from: Date; readonly to: Date }[] | null;
}

/** How a chart of the past is drawn: the number that is judged, and the limit as a line. */
export interface RuleSignal {
  readonly label: string;
  /** Shown beside the figures; empty for plain counts. */
  readonly unit: string;
  /** null: the limit moves, or depends on something unknown. */
  readonly limit: number | null;
  /** The side of the line on which the rule fires. */
  readonly side: 'above' | 'below';
  /** What `Reading.beside` is, for kinds that have it. */
  readonly beside?: string;
  /** How many minutes before an alert the chart must show to explain it, if half an hour is too short. */
  readonly contextMinutes?: number;
}
