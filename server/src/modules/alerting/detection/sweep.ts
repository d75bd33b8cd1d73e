import { lockCheckStates } from '#modules/checks';
import { lockDeviceStates } from '#modules/telemetry';
import type { Ctx } from '#platform/context';
import type { Tx } from '#platform/db/database';
import { inParts } from '#platform/db/parts';
import type { Moment } from '../judgement.ts';
import type { Finding, Focus, RuleKind } from '../kind.ts';
import { applyFindings, changesSomething } from './apply-findings.ts';
import { readDependencies } from './dependency-store.ts';
import { lockJudging } from './detection-store.ts';
import { scanDevices } from './scan-store.ts';

/** Devices per kind that one scan returns. The next scan finds the rest. */
const pageMax = 5_000;
const passesMax = 400;
/** Devices or alerts per transaction, so that intake never waits long for a row lock. */
export const chunkMax = 500;

export type SweepCtx = Pick<Ctx, 'db' | 'events' | 'live' | 'clock' | 'config'> & Partial<Pick<Ctx, 'log'>>;

/** Looks at the fleet before silence is judged, and may pause it. See outage-guard.ts. */
export type Guard = (moment: Moment, silent: readonly string[]) => Promise<Moment>;

/** The kinds that watch devices, over all organizations. Returns how many alerts changed. */
export async function sweepDevices(
  ctx: SweepCtx,
  kinds: readonly RuleKind[],
  moment: Moment,
  signal: AbortSignal,
  guard: Guard,
): Promise<number> {
  let changed = 0;
  let judged = moment;
  for (let pass = 0; pass < passesMax && !signal.aborted; pass += 1) {
    // Detection spans tenants: one scan for all of them.
    const found = await ctx.db.system((tx) => scanDevices(tx, kinds, moment, pageMax));
    if (pass === 0)
      judged = await guard(
        moment,
        kinds.flatMap((kind) => (kind.restsOnSilence ? (found.get(kind.kind) ?? []) : [])),
      );
    const before = changed;
    for (const kind of kinds)
      changed += await judgeFound(ctx, kind, judged, found.get(kind.kind) ?? [], signal);
    // If a full page changed nothing (all paused), the same page would be found again for ever.
    const more = [...found.values()].some((ids) => ids.length >= pageMax);
    if (!more || changed === before) break;
  }
  return changed;
}

async function judgeFound(
  ctx: SweepCtx,
  kind: RuleKind,
  moment: Moment,
  found: readonly string[],
  signal: AbortSignal,
): Promise<number> {
  if (found.length === 0) return 0;
  const edges = await ctx.db.system((tx) => readDependencies(tx, found));
  const ordered = parentsFirst(found, edges);
  let changed = 0;
  for (let start = 0; start < ordered.length && !signal.aborted; start += chunkMax) {
    changed += await judgeDevices(ctx, [kind], moment, ordered.slice(start, start + chunkMax));
  }
  return changed;
}

/**
 * Judges these devices while their rows are locked, because the result of the scan may be outdated. A heartbeat that
 * arrives during that time waits for the lock, finds its device watched, and leads to a new judgement.
 */
export async function judgeDevices(
  ctx: SweepCtx,
  kinds: readonly RuleKind[],
  moment: Moment,
  deviceIds: readonly string[],
): Promise<number> {
  return await ctx.db.system(async (tx) => {
    await lockDeviceStates(tx, deviceIds);
    const findings: Finding[] = [];
    for (const kind of kinds) findings.push(...(await kind.inspect(tx, moment, { deviceIds })));
    return await applyInParts(ctx, tx, findings, moment.now);
  });
}

/** A finding that cannot be written must not prevent the alerts of others from opening. */
async function applyInParts(ctx: SweepCtx, tx: Tx, findings: readonly Finding[], now: Date): Promise<number> {
  for (const { fault, rule } of findings)
    if (fault !== undefined)
      ctx.log?.error(
        { err: fault, rule_id: rule.id },
        'a rule cannot be judged: its alerts neither open nor resolve',
      );
  const { results, faults } = await inParts(tx, findings, (part) => applyFindings(ctx, tx, part, now));
  for (const { item, error } of faults)
    ctx.log?.error(
      { err: error, rule_id: item.rule.id, subject: item.subject.id },
      'what a rule found cannot be stored',
    );
  return results.reduce((sum, changed) => sum + changed, 0);
}

/** For kinds about events, checks and measurements: judges all subjects at once, or those in focus. */
export async function sweepEvents(
  ctx: SweepCtx,
  kind: RuleKind,
  moment: Moment,
  focus: Focus,
): Promise<number> {
  const findings = await ctx.db.system((tx) => kind.inspect(tx, moment, focus));
  const changing = findings.filter((finding) => changesSomething(finding, moment.now));
  let changed = 0;
  for (const chunk of chunksOf(kind, changing)) changed += await judgeAgain(ctx, kind, moment, chunk);
  return changed;
}

/**
 * Groups findings by the lock that their judgement needs: checks lock their rows, all others lock their organization.
 */
function chunksOf(kind: RuleKind, findings: readonly Finding[]): Finding[][] {
  const groups =
    kind.wakesOn === 'checks'
      ? [[...findings]]
      : [...Map.groupBy(findings, (finding) => finding.rule.organizationId).values()];
  return groups.flatMap((group) =>
    Array.from({ length: Math.ceil(group.length / chunkMax) }, (_, index) =>
      group.slice(index * chunkMax, (index + 1) * chunkMax),
    ),
  );
}

/**
 * The first pass only finds out where something may change. The decision is made again in the transaction that applies
 * it, while no other transaction decides about the same subjects. So a subject that has recovered in the meantime opens
 * no alert.
 */
async function judgeAgain(
  ctx: SweepCtx,
  kind: RuleKind,
  moment: Moment,
  chunk: readonly Finding[],
): Promise<number> {
  const deviceIds = chunk.flatMap((finding) => (finding.deviceId === null ? [] : [finding.deviceId]));
  const wanted = new Set(chunk.map(keyOf));
  return await ctx.db.system(async (tx) => {
    await lockDeviceStates(tx, deviceIds);
    const focus = await hold(tx, kind, chunk);
    // After waiting for the lock, judge what is true now, not what was true when the wait began.
    const now = new Date(Math.max(moment.now.getTime(), ctx.clock.now()));
    const findings = await kind.inspect(tx, { ...moment, now }, focus);
    return await applyInParts(
      ctx,
      tx,
      findings.filter((finding) => wanted.has(keyOf(finding))),
      now,
    );
  });
}

async function hold(tx: Tx, kind: RuleKind, chunk: readonly Finding[]): Promise<Focus> {
  if (kind.wakesOn === 'checks') {
    const checkIds = chunk.map((finding) => finding.subject.id);
    await lockCheckStates(tx, checkIds);
    return { checkIds };
  }
  const organizationIds = [...new Set(chunk.map((finding) => finding.rule.organizationId))];
  for (const organizationId of organizationIds) await lockJudging(tx, kind.kind, organizationId);
  return { organizationIds };
}

function keyOf({ rule, subject }: Finding): string {
  return `${rule.id} ${subject.kind}:${subject.id}`;
}

/** Longer dependency chains are cut here. The order matters only for suppression, not for the judgement itself. */
const depthMax = 32;

/** A parent's alert must exist before the alerts of its children open, so that those are suppressed from the start. */
export function parentsFirst(
  ids: readonly string[],
  edges: readonly { child: string; parent: string }[],
): string[] {
  if (edges.length === 0) return [...ids];
  const parents = Map.groupBy(edges, (edge) => edge.child);
  const depths = new Map<string, number>();
  const depthOf = (id: string, level: number): number => {
    const known = depths.get(id);
    if (known !== undefined || level > depthMax) return known ?? 0;
    const above = (parents.get(id) ?? []).map((edge) => depthOf(edge.parent, level + 1) + 1);
    const depth = Math.max(0, ...above);
    depths.set(id, depth);
    return depth;
  };
  return ids
    .map((id, index) => ({ id, index, depth: depthOf(id, 0) }))
    .sort((a, b) => a.depth - b.depth || a.index - b.index)
    .map(({ id }) => id);
}
