import type { WatchState } from '#platform/watch';
import type { EnvironmentLimits, Judgement, Subject } from './judgement.ts';

/** The rule that a backtest replays; it need not be saved. */
export interface ReplayedRule {
  readonly organizationId: string;
  readonly siteId: string | null;
  readonly deviceTypeId: string | null;
  readonly config: object;
  /** Only this one, wherever it stands now; left out: all that the rule looks at. */
  readonly subject?: Pick<Subject, 'kind' | 'id'>;
}

export interface ReplaySpan {
  readonly from: Date;
  readonly to: Date;
  readonly limits: EnvironmentLimits;
  /** Spans in which we did not watch, oldest first. */
  readonly gaps: readonly { from: Date; to: Date }[];
  /** Instants at which a chart reads a number that stands (or grows) between two changes; oldest first. */
  readonly edges: readonly Date[];
  /** Give up reading further subjects once this says so. */
  readonly isSpent: () => boolean;
}

/** One subject's past as a list of the instants at which the judgement can change. */
export interface Track<Data> {
  readonly subject: Subject;
  readonly points: readonly { readonly at: Date; readonly watch: WatchState; readonly data: Data }[];
  /** When its place was open, for kinds that judge by it. */
  readonly open?: readonly { readonly from: Date; readonly to: Date }[];
}

export interface Replay<Data> {
  readonly tracks: readonly Track<Data>[];
  readonly subjectsTotal: number;
  readonly notes: readonly string[];
}

/** What a chart shows of one judgement. */
export interface Reading {
  /** null: there was no telling. */
  readonly value: number | null;
  /** What it was held against at that moment. */
  readonly limit: number | null;
  /** A second number that explains the first, e.g. what is usual; named by `RuleSignal.beside`. */
  readonly beside: number | null;
  /** How many events the value rests on. */
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

/** What a chart of the past draws: the number that is judged, and the line it is held against. */
export interface RuleSignal {
  readonly label: string;
  /** Shown beside the figures; empty for plain counts. */
  readonly unit: string;
  /** null: the limit moves, or follows what is not known. */
  readonly limit: number | null;
  /** On which side of the line it is wrong. */
  readonly side: 'above' | 'below';
  /** What `Reading.beside` is, where the kind has one. */
  readonly beside?: string;
  /** How much of the time before an alert explains it, where half an hour does not. */
  readonly contextMinutes?: number;
}
