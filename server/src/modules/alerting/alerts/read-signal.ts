import { type AlertSignal, type SubjectKind, signalDaysMax, subjectKinds } from '@watchkeeper/contracts';
import { toInstant } from '@watchkeeper/contracts/instant';
import { requirePermission, type Scope } from '#modules/identity';
import type { Ctx } from '#platform/context';
import { invalidField, notFound } from '#platform/errors';
import { environmentLimits } from '../detection/moment.ts';
import type { RuleKind } from '../kind.ts';
import { noteReading } from '../past/curve.ts';
import { replayPast, toBucket, toSignal } from '../past/replay-past.ts';
import { ruleKinds } from '../registry.ts';
import type { ReplayedRule } from '../replay.ts';
import { findRuleAt } from '../rules/store.ts';
import { inSteps, type SignalWindow, windowOfAlert } from './signal-window.ts';
import { type AlertRow, findAlert } from './store.ts';

const dayMs = 86_400_000;
/** Within the longest window a place opens at most as often as its opening hours have periods. */
const openSpansMax = 500;

interface Judged {
  readonly alert: AlertRow;
  readonly version: number;
  readonly kind: RuleKind;
  readonly rule: ReplayedRule;
}

/** The number that the alert's rule judged, for the alert's subject, with the limit as a line. */
export async function readAlertSignal(
  ctx: Pick<Ctx, 'db' | 'clock' | 'config'>,
  scope: Scope,
  id: string,
  query: { from?: string; to?: string },
): Promise<AlertSignal> {
  requirePermission(scope, 'read');
  const { alert, version, kind, rule } = await findJudged(ctx, scope, id);
  const limits = environmentLimits(ctx.config);
  const contextMs = (kind.signal(rule.config, limits).contextMinutes ?? 0) * 60_000;
  const window = askedWindow(query) ?? windowOfAlert(alert, new Date(ctx.clock.now()), contextMs);
  const { past, curve, signal } = await replayPast(ctx, kind, rule, window);
  for (const track of past.tracks)
    for (const { at, judge } of track.points) noteReading(curve, signal.side, at, judge(null).reading);
  const open = past.tracks.find((track) => track.open !== null)?.open ?? null;
  return {
    rule: { version, trigger: kind.describe(rule.config, limits) },
    window: {
      from: window.from.toISOString(),
      to: window.to.toISOString(),
      step_seconds: window.stepMs / 1_000,
    },
    signal: toSignal(signal),
    buckets: curve.steps.map(toBucket),
    open:
      open
        ?.slice(0, openSpansMax)
        .map(({ from, to }) => ({ from: from.toISOString(), to: to.toISOString() })) ?? null,
    notes: [...past.notes],
  };
}

async function findJudged(ctx: Pick<Ctx, 'db'>, scope: Scope, id: string): Promise<Judged> {
  return await ctx.db.tenant(scope.organizationId, async (tx) => {
    const alert = await findAlert(tx, id);
    if (alert === undefined) throw notFound('alert');
    const revision = await findRuleAt(tx, alert.rule_id, alert.opened_at);
    const subject = subjectOf(alert.subject);
    const judged = revision === undefined ? undefined : ruleIn(revision.snapshot);
    const kind = judged === undefined ? undefined : ruleKinds.find(judged.kind);
    // The kind is of an older release, or the rule is older than revisions: there is nothing to draw.
    if (revision === undefined || judged === undefined || kind === undefined || subject === undefined)
      throw notFound('signal of this alert');
    const { organizationId } = scope;
    return { alert, version: revision.version, kind, rule: { ...judged, organizationId, subject } };
  });
}

function subjectOf(text: string): { kind: SubjectKind; id: string } | undefined {
  const [name, id] = text.split(':');
  const kind = subjectKinds.find((each) => each === name);
  return kind === undefined || id === undefined ? undefined : { kind, id };
}

function ruleIn(snapshot: Record<string, unknown>) {
  const { kind, config, site_id: siteId, device_type_id: deviceTypeId } = snapshot;
  if (typeof kind !== 'string' || typeof config !== 'object' || config === null) return undefined;
  const idOf = (value: unknown) => (typeof value === 'string' ? value : null);
  return { kind, config, siteId: idOf(siteId), deviceTypeId: idOf(deviceTypeId) };
}

function askedWindow({ from, to }: { from?: string; to?: string }): SignalWindow | undefined {
  if (from === undefined && to === undefined) return undefined;
  if (from === undefined) throw invalidField('from', 'is needed with to');
  if (to === undefined) throw invalidField('to', 'is needed with from');
  const [start, end] = [toInstant(from).getTime(), toInstant(to).getTime()];
  if (!(end > start)) throw invalidField('to', 'must be after from');
  if (end - start > signalDaysMax * dayMs)
    throw invalidField('to', `must be at most ${signalDaysMax} days after from`);
  return inSteps(start, end);
}
