import type { Backtest, BacktestBody } from '@watchkeeper/contracts';
import type { Static } from 'typebox';
import { requirePermission, type Scope } from '#modules/identity';
import type { Ctx } from '#platform/context';
import { notFound } from '#platform/errors';
import { readWatchGaps } from './detection-store.ts';
import type { JudgedTrack, RuleKind, Subject } from './kind.ts';
import { environmentLimits } from './moment.ts';
import { parseConfig, requireKind } from './registry.ts';
import { parsePlace, parseSeconds } from './rules/parse-rule.ts';
import { findRule } from './rules/store.ts';

const defaultDays = 7;
const dayMs = 86_400_000;
const cooldownSecondsMax = 30 * 86_400;
/** Reading stops after this long; the answer says how many subjects it covers. */
const readMsMax = 8_000;
const firingsMax = 200;
/** As many steps as a chart has room for. */
const bucketsMax = 120;

interface Trial {
  kind: RuleKind;
  config: object;
  autoResolve: boolean;
  cooldownSeconds: number;
  siteId: string | null;
  deviceTypeId: string | null;
}

/** What a saved rule would have done, had it stood as it is now. */
export async function backtestRule(
  ctx: Ctx,
  scope: Scope,
  id: string,
  days: number | undefined,
): Promise<Backtest> {
  requirePermission(scope, 'read');
  const row = await ctx.db.tenant(scope.organizationId, (tx) => findRule(tx, id));
  if (row === undefined) throw notFound('rule');
  return await run(ctx, scope, days ?? defaultDays, {
    kind: requireKind(row.kind),
    config: row.config,
    autoResolve: row.auto_resolve,
    cooldownSeconds: row.cooldown_seconds,
    siteId: row.site_id,
    deviceTypeId: row.device_type_id,
  });
}

/** What a rule that is not saved yet would have done. */
export async function backtestConfig(
  ctx: Ctx,
  scope: Scope,
  body: Static<typeof BacktestBody>,
): Promise<Backtest> {
  requirePermission(scope, 'read');
  const kind = requireKind(body.kind);
  const config = parseConfig(kind, body.config);
  const place = await ctx.db.tenant(scope.organizationId, (tx) =>
    parsePlace(tx, scope.organizationId, kind, body),
  );
  const cooldownSeconds = parseSeconds('cooldown', body.cooldown ?? 0, cooldownSecondsMax);
  return await run(ctx, scope, body.days ?? defaultDays, {
    kind,
    config,
    autoResolve: body.auto_resolve ?? true,
    cooldownSeconds,
    ...place,
  });
}

async function run(ctx: Ctx, scope: Scope, days: number, trial: Trial): Promise<Backtest> {
  const to = new Date(ctx.clock.now());
  const from = new Date(to.getTime() - days * dayMs);
  // A system transaction: the gaps in our own watch belong to no tenant.
  const gaps = await ctx.db.system((tx) => readWatchGaps(tx, from, to));
  const started = ctx.clock.monotonic();
  const isSpent = () => ctx.clock.monotonic() - started > readMsMax;
  const { organizationId } = scope;
  const limits = environmentLimits(ctx.config);
  const past = await ctx.db.tenant(organizationId, (tx) =>
    trial.kind.replay(tx, { organizationId, ...trial }, { from, to, limits, gaps, isSpent }),
  );
  const buckets = emptyBuckets(from, to);
  const firings = past.tracks
    .flatMap((track) => replayTrack(track, trial, (at, value) => noteValue(buckets, from, to, at, value)))
    .sort((a, b) => a.at.getTime() - b.at.getTime());
  const notes = [...past.notes];
  if (past.tracks.length < past.subjectsTotal)
    notes.push(`Only ${past.tracks.length} of ${past.subjectsTotal} subjects were looked at.`);
  if (!trial.autoResolve)
    notes.push('Alerts that a person resolves are counted as over once the condition is over.');
  if (gaps.length > 0 && trial.kind.restsOnSilence)
    notes.push('Silence while Watchkeeper itself was away is not counted.');
  return {
    window: { from: from.toISOString(), to: to.toISOString(), days },
    would_have_fired: firings.length,
    sentence: sentenceOf(firings.length, days),
    firings: firings.slice(0, firingsMax).map((firing) => ({
      at: firing.at.toISOString(),
      subject: firing.subject,
      why: firing.why,
      resolved_at: firing.resolvedAt?.toISOString() ?? null,
    })),
    signal: trial.kind.signal(trial.config, limits),
    buckets: buckets.map(({ at, low, high }) => ({ at: at.toISOString(), low, high })),
    subjects_examined: past.tracks.length,
    subjects_total: past.subjectsTotal,
    notes,
  };
}

export function sentenceOf(count: number, days: number): string {
  const times =
    count === 0 ? 'not have fired' : count === 1 ? 'have fired once' : `have fired ${count} times`;
  const window = days === 1 ? 'the last day' : `the last ${Number(days.toFixed(2))} days`;
  return `would ${times} in ${window}`;
}

interface Bucket {
  readonly at: Date;
  low: number | null;
  high: number | null;
}

function emptyBuckets(from: Date, to: Date): Bucket[] {
  const stepMs = (to.getTime() - from.getTime()) / bucketsMax;
  return Array.from({ length: bucketsMax }, (_, index) => ({
    at: new Date(from.getTime() + index * stepMs),
    low: null,
    high: null,
  }));
}

/** The lowest and the highest reading of all subjects: what a limit in either direction is held against. */
function noteValue(buckets: readonly Bucket[], from: Date, to: Date, at: Date, value: number): void {
  const share = (at.getTime() - from.getTime()) / (to.getTime() - from.getTime());
  const bucket = buckets[Math.min(bucketsMax - 1, Math.floor(share * bucketsMax))];
  if (bucket === undefined) return;
  bucket.low = Math.min(bucket.low ?? value, value);
  bucket.high = Math.max(bucket.high ?? value, value);
}

interface Firing {
  at: Date;
  subject: Subject;
  why: string;
  resolvedAt: Date | null;
}

/** The same life cycle as a live alert: pending, firing, over, cooling down. Pure. */
export function replayTrack(
  track: JudgedTrack,
  rule: { cooldownSeconds: number },
  onValue: (at: Date, value: number) => void = () => undefined,
): Firing[] {
  const firings: Firing[] = [];
  let open: Firing | undefined;
  let coolingUntil = Number.NEGATIVE_INFINITY;
  let pendingSince: Date | null = null;
  for (const { at, judge } of track.points) {
    const { verdict, why, value } = judge(pendingSince);
    if (value !== null) onValue(at, value);
    if (verdict === 'pending') pendingSince ??= at;
    else if (verdict !== 'unknown') pendingSince = null;
    if (verdict === 'firing' && open === undefined && at.getTime() >= coolingUntil) {
      open = { at, subject: track.subject, why, resolvedAt: null };
      firings.push(open);
    } else if (verdict === 'ok' && open !== undefined) {
      open.resolvedAt = at;
      open = undefined;
      coolingUntil = at.getTime() + rule.cooldownSeconds * 1000;
    }
  }
  return firings;
}
