import { durationWords } from '@watchkeeper/contracts/figures';
import { lockDeviceStates, type PastSilence, takeSilences, type WhichSilences } from '#modules/telemetry';
import type { Ctx } from '#platform/context';
import type { Tx } from '#platform/db/database';
import { inParts } from '#platform/db/parts';
import { readWatchGaps } from '#platform/watch-gaps';
import type { Judgement, Moment } from '../judgement.ts';
import { absence, evaluateAbsence } from '../kinds/absence.ts';
import { noteRecurrences, type Opening, openAlerts, resolveAlerts } from '../transition.ts';
import { timeWords } from '../words.ts';
import { listSilenceRules, type SilenceRule, wasNoted, wasTold, wasUnderMaintenance } from './late-store.ts';

/**
 * A silence must outlast this many looks of a running server. A running server would not report one that ended between
 * two of its looks.
 */
const looksMissed = 2;

/** How far beyond its limit a silence may go before a sweep would see it. */
export function unseenSeconds(ctx: Pick<Ctx, 'config'>): number {
  return looksMissed * ctx.config.alerting.checkIntervalSeconds;
}

/**
 * Silences that began and ended while no worker looked: between two passes from cron, or while all workers were down.
 * Each becomes an alert that is already resolved, with the times at which it happened. If the device is silent again
 * and has an open alert, the silence becomes a line in the timeline of that alert.
 */
export async function judgeSilences(
  ctx: Ctx,
  tx: Tx,
  moment: Moment,
  silences: readonly PastSilence[],
): Promise<void> {
  const rules = await listSilenceRules(
    tx,
    silences.map(({ deviceKey }) => deviceKey),
  );
  await lockDeviceStates(
    tx,
    rules.map(({ deviceId }) => deviceId),
  );
  const looks = silences.flatMap(({ deviceKey, from, to }) =>
    rules.filter((rule) => rule.deviceKey === deviceKey).map((rule): Look => ({ moment, rule, from, to })),
  );
  const { faults } = await inParts(tx, looks, async (part) => {
    for (const look of part) await judge(ctx, tx, look);
  });
  for (const { item, error } of faults)
    ctx.log.error(
      { err: error, rule_id: item.rule.id, device_id: item.rule.deviceId },
      'a silence that is over cannot be told',
    );
}

/** Silences per transaction. */
const takenMax = 500;
/** The next round continues with the rest. */
const roundsMax = 40;

/**
 * A past silence is left to its job for this long, so that maintenance is applied first. After that, a tick judges it.
 */
export const leftToJobsSeconds = 30;

/** Judges the past silences of some devices, or those whose jobs were lost. */
export async function judgePastSilences(ctx: Ctx, moment: Moment, which: WhichSilences): Promise<void> {
  for (let round = 0; round < roundsMax; round += 1) {
    const taken = await ctx.db.system(async (tx) => {
      const silences = await takeSilences(tx, which, takenMax);
      if (silences.length > 0) await judgeSilences(ctx, tx, moment, silences);
      return silences.length;
    });
    if (taken < takenMax) return;
  }
}

interface Look {
  readonly moment: Moment;
  readonly rule: SilenceRule;
  readonly from: Date;
  readonly to: Date;
}

async function judge(ctx: Ctx, tx: Tx, look: Look): Promise<void> {
  const { rule, from, to, moment } = look;
  const unseen = await judgeAt(tx, look, new Date(to.getTime() - unseenSeconds(ctx) * 1_000));
  if (unseen.verdict !== 'firing') return;
  // The words describe the last moment of the silence.
  const { why, details } = await judgeAt(tx, look, to);
  const limit = rule.config.limit_seconds ?? moment.limits.offlineSeconds;
  const first = new Date(from.getTime() + limit * 1_000);
  const subject = `device:${rule.deviceId}`;
  const place = { siteId: rule.siteId, deviceId: rule.deviceId, timezone: rule.timezone };
  if (await wasUnderMaintenance(tx, rule.organizationId, place, subject, first)) return;
  if (await wasTold(tx, rule, subject, { from: first, to })) return;
  const back = timeWords(to, rule.timezone);
  const happened = { happened_at: first.toISOString(), happened_until: to.toISOString() };
  if (rule.openAlertId !== null) {
    if (await wasNoted(tx, rule.openAlertId, happened.happened_at)) return;
    const silent = durationWords((to.getTime() - from.getTime()) / 1_000);
    const said = `Before that it had been silent as well, for ${silent}, until ${back}; Watchkeeper did not judge at that time.`;
    await noteRecurrences(ctx, tx, [{ alertId: rule.openAlertId, why: said, details: happened }]);
    return;
  }
  const [opened] = await openAlerts(ctx, tx, [
    openingOf(look, subject, `${why} That was until ${back}.`, { ...details, ...happened }),
  ]);
  if (opened === undefined) return;
  const over = `A heartbeat came ${back}. It was over before Watchkeeper could judge it.`;
  await resolveAlerts(ctx, tx, [{ alertId: opened.id, why: over, details: happened }]);
}

/** The judgement at a moment of the past, with the present knowledge of when we watched. */
async function judgeAt(tx: Tx, { moment, rule, from, to }: Look, at: Date): Promise<Judgement> {
  const written = await readWatchGaps(tx, from, to);
  const gaps = moment.gap === undefined ? written : [...written, moment.gap];
  // If an outage of ours covers the end of a silence, nobody watched at that time.
  const began = gaps
    .filter((gap) => gap.from < to && gap.to > from)
    .map((gap) => Math.min(gap.to.getTime(), to.getTime()));
  if (moment.watch.watchingSince < to) began.push(moment.watch.watchingSince.getTime());
  const watchingSince = new Date(Math.max(from.getTime(), ...began));
  return evaluateAbsence(
    rule.config,
    { lastSeenAt: from, timezone: rule.timezone },
    { ...moment, now: at, pausedReason: null, watch: { watchingSince, intakeUp: true } },
  );
}

function openingOf({ rule }: Look, subject: string, why: string, details: object): Opening {
  return {
    organizationId: rule.organizationId,
    ruleId: rule.id,
    ruleName: rule.name,
    kind: absence.kind,
    type: rule.type,
    severity: rule.severity,
    subject,
    siteId: rule.siteId,
    deviceId: rule.deviceId,
    title: absence.title(rule.config, { kind: 'device', id: rule.deviceId, name: rule.deviceName }),
    why,
    details,
    // No cooldown: `wasTold` has already asked about that time, and a later resolution has nothing to do with it.
    cooldownSeconds: 0,
  };
}
