import type { Backtest, BacktestBody } from '@watchkeeper/contracts';
import type { Static } from 'typebox';
import { requirePermission, type Scope } from '#modules/identity';
import type { Ctx } from '#platform/context';
import { notFound } from '#platform/errors';
import type { Subject } from '../judgement.ts';
import type { RuleKind } from '../kind.ts';
import { ruleKinds } from '../registry.ts';
import type { JudgedTrack, Reading } from '../replay.ts';
import { parsePlace, parseSeconds } from '../rules/parse-rule.ts';
import { findRule } from '../rules/store.ts';
import { noteReading } from './curve.ts';
import { replayPast, toBucket, toSignal } from './replay-past.ts';

const defaultDays = 7;
const dayMs = 86_400_000;
const cooldownSecondsMax = 30 * 86_400;
const firingsMax = 200;
/** As many steps as a chart has room for. */
const stepsMax = 120;

interface Trial {
  kind: RuleKind;
  config: object;
  autoResolve: boolean;
  cooldownSeconds: number;
  siteId: string | null;
  deviceTypeId: string | null;
}

/** The alerts that a saved rule, as it is now, would have opened in the past. */
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
    kind: ruleKinds.get(row.kind),
    config: row.config,
    autoResolve: row.auto_resolve,
    cooldownSeconds: row.cooldown_seconds,
    siteId: row.site_id,
    deviceTypeId: row.device_type_id,
  });
}

/** The alerts that a rule that is not saved yet would have opened in the past. */
export async function backtestConfig(
  ctx: Ctx,
  scope: Scope,
  body: Static<typeof BacktestBody>,
): Promise<Backtest> {
  requirePermission(scope, 'read');
  const kind = ruleKinds.get(body.kind);
  const config = ruleKinds.parse(kind, body.config);
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
  const rule = { organizationId: scope.organizationId, ...trial };
  const { past, curve, signal, gaps } = await replayPast(ctx, trial.kind, rule, {
    from,
    to,
    steps: stepsMax,
  });
  const firings = past.tracks
    .flatMap((track) =>
      replayTrack(track, trial, (at, reading) => noteReading(curve, signal.side, at, reading)),
    )
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
    signal: toSignal(signal),
    buckets: curve.steps.map(toBucket),
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

interface Firing {
  at: Date;
  subject: Subject;
  why: string;
  resolvedAt: Date | null;
}

/** The same life cycle as a live alert: pending, firing, resolved, cooldown. Pure. */
export function replayTrack(
  track: JudgedTrack,
  rule: { cooldownSeconds: number },
  onReading: (at: Date, reading: Reading) => void = () => undefined,
): Firing[] {
  const firings: Firing[] = [];
  let open: Firing | undefined;
  let coolingUntil = Number.NEGATIVE_INFINITY;
  let pendingSince: Date | null = null;
  for (const { at, judge } of track.points) {
    const { verdict, why, reading } = judge(pendingSince);
    onReading(at, reading);
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
