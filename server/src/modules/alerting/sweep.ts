import type { Ctx } from '#platform/context';
import { applyFindings, changesSomething } from './apply-findings.ts';
import { readDependencies } from './dependency-store.ts';
import { lockDevices } from './device-store.ts';
import type { Finding, Focus, Moment, RuleKind } from './kind.ts';
import { scanDevices } from './scan-store.ts';

/** Devices per kind that one scan hands over; more are found by the next one. */
const pageMax = 5_000;
const passesMax = 400;
/** Devices or alerts per transaction: intake never waits long for a row lock. */
export const chunkMax = 500;

export type SweepCtx = Pick<Ctx, 'db' | 'events' | 'live' | 'clock' | 'config'>;

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
    // A full page that changed nothing (all paused) would be found again for ever.
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
 * Judges these devices while holding their rows: what the scan saw may be outdated. A heartbeat that
 * arrives meanwhile waits for the lock, finds its device watched, and brings it back.
 */
export async function judgeDevices(
  ctx: SweepCtx,
  kinds: readonly RuleKind[],
  moment: Moment,
  deviceIds: readonly string[],
): Promise<number> {
  return await ctx.db.system(async (tx) => {
    await lockDevices(tx, deviceIds);
    const findings: Finding[] = [];
    for (const kind of kinds) findings.push(...(await kind.inspect(tx, moment, { deviceIds })));
    return await applyFindings(ctx, tx, findings, moment.now);
  });
}

/** Kinds about events: counted and judged for all subjects at once, or for those in focus. */
export async function sweepEvents(
  ctx: SweepCtx,
  kind: RuleKind,
  moment: Moment,
  focus: Focus,
): Promise<number> {
  const findings = await ctx.db.system((tx) => kind.inspect(tx, moment, focus));
  const changing = findings.filter((finding) => changesSomething(finding, moment.now));
  let changed = 0;
  for (let start = 0; start < changing.length; start += chunkMax) {
    const chunk = changing.slice(start, start + chunkMax);
    const deviceIds = chunk.flatMap((finding) => (finding.deviceId === null ? [] : [finding.deviceId]));
    changed += await ctx.db.system(async (tx) => {
      await lockDevices(tx, deviceIds);
      return await applyFindings(ctx, tx, chunk, moment.now);
    });
  }
  return changed;
}

/** Dependency chains longer than this are cut: order matters for suppression, not for truth. */
const depthMax = 32;

/** A parent's alert must exist before its children's open, so that those are born suppressed. */
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
