import { durationWords } from '@watchkeeper/contracts/figures';
import { deleteLateSpan, type LateSpan, listLateSpans, type WhichSpans } from '#modules/telemetry';
import type { Ctx } from '#platform/context';
import type { Tx } from '#platform/db/database';
import { inParts, isDataFault } from '#platform/db/parts';
import { lockJudging } from '../detection/detection-store.ts';
import { environmentLimits } from '../detection/moment.ts';
import type { RuleKind } from '../kind.ts';
import { ruleKinds } from '../registry.ts';
import type { JudgedTrack } from '../replay.ts';
import { openAlerts } from '../transition.ts';
import { timeWords } from '../words.ts';
import {
  type LateRule,
  listLateRules,
  type Place,
  readPlaces,
  wasTold,
  wasUnderMaintenance,
} from './late-store.ts';

/** Events that arrive later than this are only stored as history; they are not judged. */
export const lateHoursMax = 24;
const hourMs = 3_600_000;
/** Reading the past of one rule stops after this long. The part that was read is used. */
const readMsMax = 8_000;

/**
 * Judges events that arrived so late that the rule's window had passed, e.g. from a till that syncs in the morning. No
 * window that ends now contains them, so they are judged for the time at which they happened. If an alert already
 * reported that time, then or later, no second one opens.
 */
export async function judgeLate(ctx: Ctx, events: LateSpan): Promise<void> {
  const now = ctx.clock.now();
  const from = Math.max(events.from.getTime(), now - lateHoursMax * hourMs);
  const to = events.to.getTime();
  if (to < from) return;
  const rules = await ctx.db.system((tx) => listLateRules(tx, events.organizationId, events.types));
  for (const rule of rules) {
    const kind = ruleKinds.find(rule.kind);
    const windowMs = kind?.windowMs?.(rule.config);
    // Events that are younger than the window are judged together with the present.
    if (kind === undefined || windowMs === undefined || from > now - windowMs) continue;
    const span = { from: new Date(from), to: new Date(Math.min(now, to + windowMs)), windowMs };
    try {
      await ctx.db.system(async (tx) => {
        // In the transaction that opens the alert, and while nothing else judges this kind in the organization.
        await lockJudging(tx, kind.kind, rule.organizationId);
        await judgeRule(ctx, tx, { kind, rule, events, span });
      });
    } catch (error) {
      if (!isDataFault(error)) throw error;
      // A rule that cannot be judged does not stop the others.
      ctx.log.error({ err: error, rule_id: rule.id }, 'a rule cannot be judged for events that came in late');
    }
  }
}

/** Spans that one call judges. The next call judges the rest. */
const spansMax = 100;

/**
 * Judges the spans of one organization, or those that lost jobs did not judge. Judging a span twice changes nothing.
 */
export async function judgeLateSpans(ctx: Ctx, which: WhichSpans): Promise<void> {
  const spans = await ctx.db.system((tx) => listLateSpans(tx, which, spansMax));
  const failures: unknown[] = [];
  for (const span of spans) {
    try {
      await judgeLate(ctx, span);
      await ctx.db.system((tx) => deleteLateSpan(tx, span));
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0)
    throw new AggregateError(failures, 'Events that came in late could not be judged.');
}

interface LateLook {
  readonly kind: RuleKind;
  readonly rule: LateRule;
  readonly events: LateSpan;
  readonly span: { readonly from: Date; readonly to: Date; readonly windowMs: number };
}

async function judgeRule(ctx: Ctx, tx: Tx, look: LateLook): Promise<void> {
  const { kind, rule, span } = look;
  const started = ctx.clock.monotonic();
  const { tracks } = await kind.replay(tx, rule, {
    from: span.from,
    to: span.to,
    limits: environmentLimits(ctx.config),
    gaps: [],
    edges: [],
    isSpent: () => ctx.clock.monotonic() - started > readMsMax,
  });
  const places = await readPlaces(
    tx,
    tracks.map((track) => track.subject),
  );
  const { faults } = await inParts(tx, tracks, async (part) => {
    for (const track of part) {
      const place = places.get(track.subject.id);
      if (place === undefined || (place.siteId !== null && !look.events.siteIds.includes(place.siteId)))
        continue;
      const fired = firingSpan(track);
      if (fired !== undefined) await tell(ctx, tx, look, { track, place, fired });
    }
  });
  for (const { item, error } of faults)
    ctx.log.error(
      { err: error, rule_id: rule.id, subject: item.subject.id },
      'what came in late cannot be told of one subject',
    );
}

interface Fired {
  readonly first: Date;
  readonly last: Date;
  readonly why: string;
  readonly details: Readonly<Record<string, unknown>>;
}

/** From the first to the last instant at which the condition held, in the words of the first. */
function firingSpan(track: JudgedTrack): Fired | undefined {
  let fired: Fired | undefined;
  for (const { at, judge } of track.points) {
    const judgement = judge(null);
    if (judgement.verdict !== 'firing') continue;
    const { why, details } = judgement;
    fired = {
      first: fired?.first ?? at,
      last: at,
      why: fired?.why ?? why,
      details: fired?.details ?? details,
    };
  }
  return fired;
}

async function tell(
  ctx: Ctx,
  tx: Tx,
  { kind, rule, span }: LateLook,
  { track, place, fired }: { track: JudgedTrack; place: Place; fired: Fired },
): Promise<void> {
  const subject = `${track.subject.kind}:${track.subject.id}`;
  const around = {
    from: new Date(fired.first.getTime() - span.windowMs),
    to: new Date(fired.last.getTime() + span.windowMs),
  };
  if (await wasTold(tx, rule, subject, around)) return;
  if (await wasUnderMaintenance(tx, rule.organizationId, place, subject, fired.first)) return;
  const lateSeconds = (ctx.clock.now() - fired.first.getTime()) / 1_000;
  await openAlerts(ctx, tx, [
    {
      organizationId: rule.organizationId,
      ruleId: rule.id,
      ruleName: rule.name,
      kind: kind.kind,
      type: rule.type,
      severity: rule.severity,
      subject,
      siteId: place.siteId,
      deviceId: place.deviceId,
      title: kind.title(rule.config, track.subject),
      why: `${fired.why} That was until ${timeWords(fired.first, place.timezone)}; the events arrived ${durationWords(lateSeconds)} later.`,
      details: {
        ...fired.details,
        happened_at: fired.first.toISOString(),
        happened_until: fired.last.toISOString(),
        late_seconds: Math.round(lateSeconds),
      },
      // No cooldown: `wasTold` above has already asked about that time, and a later resolution has nothing to do with
      // it.
      cooldownSeconds: 0,
    },
  ]);
}
