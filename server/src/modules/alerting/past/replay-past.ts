import type { SignalBucket, SignalMeaning } from '@watchkeeper/contracts';
import type { Ctx } from '#platform/context';
import { readWatchGaps } from '#platform/watch-gaps';
import { environmentLimits } from '../detection/moment.ts';
import type { RuleKind } from '../kind.ts';
import type { JudgedTrack, ReplayedRule, RuleSignal } from '../replay.ts';
import { type Curve, emptyCurve, type Step } from './curve.ts';

/** Reading stops after this long. The answer says how many subjects were read. */
const readMsMax = 8_000;

export interface Past {
  readonly past: {
    readonly tracks: readonly JudgedTrack[];
    readonly subjectsTotal: number;
    readonly notes: readonly string[];
  };
  /** Empty steps, to be filled by the caller that judges the points. */
  readonly curve: Curve;
  readonly signal: RuleSignal;
  readonly gaps: readonly { from: Date; to: Date }[];
}

/** The past as the rule's own kind replays it, and the chart to draw it in. */
export async function replayPast(
  ctx: Pick<Ctx, 'db' | 'clock' | 'config'>,
  kind: RuleKind,
  rule: ReplayedRule,
  span: { from: Date; to: Date; steps: number },
): Promise<Past> {
  const { from, to } = span;
  const now = new Date(ctx.clock.now());
  // A system transaction: the gaps in our own watch belong to no tenant.
  const gaps = await ctx.db.system((tx) => readWatchGaps(tx, from, to));
  const limits = environmentLimits(ctx.config);
  const started = ctx.clock.monotonic();
  const isSpent = () => ctx.clock.monotonic() - started > readMsMax;
  const curve = emptyCurve(from, to, span.steps);
  const until = to < now ? to : now;
  // The current step is read at its present state.
  const edges = curve.edges.filter((edge) => edge < until);
  if (edges.length < curve.edges.length) edges.push(until);
  const past = await ctx.db.tenant(rule.organizationId, (tx) =>
    kind.replay(tx, rule, { from, to: until, limits, gaps, edges, isSpent }),
  );
  return { past, curve, signal: kind.signal(rule.config, limits), gaps };
}

export function toBucket({ at, low, high, limit, beside, samples }: Step): SignalBucket {
  return { at: at.toISOString(), low, high, limit, beside, samples };
}

export function toSignal({ label, unit, limit, side, beside }: RuleSignal): SignalMeaning {
  return { label, unit, limit, side, beside: beside ?? null };
}
