import type { Verdict } from '@watchkeeper/contracts';
import { readDeviceChecks } from '#modules/checks';
import type { Ctx } from '#platform/context';
import type { Tx } from '#platform/db/database';
import { readWatchGaps, type WatchGap } from '#platform/watch-gaps';
import { type Judgement, storeJudgements } from '../by-itself.ts';
import { judgePriority } from '../priority/priority.ts';
import type { TransitionCtx } from '../transition.ts';
import { judgeSite } from '../verdict/judge.ts';
import { type SitePulse, selectPulses } from './fleet-store.ts';
import { factsOf, type Gathered, openAt, peopleAt, sameCauseSeconds } from './gather.ts';
import {
  type JudgedIncident,
  selectActive,
  selectIncidentsOf,
  selectJudged,
  selectLosses,
  selectPlaces,
} from './incident-store.ts';
import {
  type SiteRow,
  selectActivity,
  selectSiteChecks,
  selectSiteDevices,
  selectSites,
  selectSources,
} from './site-store.ts';

export type JudgeCtx = TransitionCtx & Pick<Ctx, 'db'>;

/** So many incidents are judged in one transaction. */
const batchMax = 100;
/** One round of the periodic work judges so many of the newest active incidents. */
const activeMax = 1_000;
/** Later, devices have come and gone for other reasons: the verdict stays as it is. Seconds. */
const verdictSeconds = 86_400;
/** Signs of people are looked for this far back. Seconds. */
const activitySeconds = 21_600;
/** So long ago other sites were heard, and so long ago they were lost, if the fault is ours. Seconds. */
const fleetSeconds = { heard: 7_200, lost: 900 } as const;

/** What is the same for all organizations. */
interface Fleet {
  readonly pulses: readonly SitePulse[];
  readonly watchGaps: readonly WatchGap[];
}

/** Judges the active incidents again: hours open and close, people come, devices return. */
export async function judgeActive(ctx: JudgeCtx, signal: AbortSignal): Promise<void> {
  // Across tenants: the clock is the same for all of them.
  const active = await ctx.db.system((tx) => selectActive(tx, activeMax));
  const byOrganization = Map.groupBy(active, (row) => row.organizationId);
  await judgeAll(
    ctx,
    new Map([...byOrganization].map(([id, rows]) => [id, rows.map((row) => row.id)])),
    signal,
  );
}

/** Judges the incidents of these alerts, by organization. */
export async function judgeAlerts(
  ctx: JudgeCtx,
  alerts: ReadonlyMap<string, ReadonlySet<string>>,
  signal: AbortSignal,
): Promise<void> {
  const incidents = new Map<string, readonly string[]>();
  for (const [organizationId, ids] of alerts)
    incidents.set(
      organizationId,
      await ctx.db.tenant(organizationId, (tx) => selectIncidentsOf(tx, [...ids])),
    );
  await judgeAll(ctx, incidents, signal);
}

/** Judges these incidents, by organization: their verdicts and their priorities. */
export async function judgeAll(
  ctx: JudgeCtx,
  incidents: ReadonlyMap<string, readonly string[]>,
  signal: AbortSignal,
): Promise<void> {
  if (incidents.size === 0) return;
  const now = new Date(ctx.clock.now());
  const before = (seconds: number) => new Date(now.getTime() - seconds * 1000);
  // Across tenants: whether the fault is ours is seen in all of them.
  const fleet = await ctx.db.system(async (tx) => ({
    pulses: await selectPulses(tx, before(fleetSeconds.heard), before(fleetSeconds.lost)),
    watchGaps: await readWatchGaps(tx, before(verdictSeconds), now),
  }));
  for (const [organizationId, ids] of incidents)
    for (let from = 0; from < ids.length; from += batchMax) {
      if (signal.aborted) return;
      await ctx.db.tenant(organizationId, (tx) =>
        judgeIn(ctx, tx, { organizationId, ids: ids.slice(from, from + batchMax), fleet, now }),
      );
    }
}

interface Batch {
  readonly organizationId: string;
  readonly ids: readonly string[];
  readonly fleet: Fleet;
  readonly now: Date;
}

async function judgeIn(ctx: JudgeCtx, tx: Tx, { organizationId, ids, fleet, now }: Batch): Promise<void> {
  const incidents = await selectJudged(tx, ids);
  const places = Map.groupBy(await selectPlaces(tx, ids), (place) => place.incident_id);
  const sitesOf = (incident: JudgedIncident) => (places.get(incident.id) ?? []).map((place) => place.site_id);
  const siteIds = [...new Set(incidents.flatMap(sitesOf))];
  const read = await gather(tx, organizationId, incidents, siteIds, fleet, now);
  const judgements = incidents.map((incident): Judgement => {
    const sites = sitesOf(incident);
    return {
      incidentId: incident.id,
      verdict: verdictOf(incident, sites, read),
      priority: judgePriority({
        severity: incident.severity,
        sites: incident.counts.sites ?? 0,
        areas: incident.counts.areas ?? 0,
        open: openAt(sites, read),
        people: peopleAt(sites, read),
      }),
    };
  });
  await storeJudgements(ctx, tx, judgements);
}

async function gather(
  tx: Tx,
  organizationId: string,
  incidents: readonly JudgedIncident[],
  siteIds: readonly string[],
  fleet: Fleet,
  now: Date,
): Promise<Gathered> {
  const ids = incidents.map((incident) => incident.id);
  const first = Math.min(now.getTime(), ...incidents.map((incident) => incident.opened_at.getTime()));
  const oldest = now.getTime() - verdictSeconds * 1000;
  const since = new Date(Math.max(first, oldest) - sameCauseSeconds * 1000);
  const devices = await selectSiteDevices(tx, siteIds, { since, now });
  const checks = await readDeviceChecks(
    tx,
    devices.map((device) => device.id),
  );
  const activitySince = new Date(now.getTime() - activitySeconds * 1000);
  return {
    ...fleet,
    now,
    sites: new Map((await selectSites(tx, siteIds)).map((site) => [site.id, site])),
    devices: Map.groupBy(devices, (device) => device.site_id),
    deviceChecks: Map.groupBy(checks, (check) => check.device_id),
    siteChecks: Map.groupBy(await selectSiteChecks(tx, siteIds), (check) => check.site_id),
    sources: await selectSources(tx, organizationId),
    activity: Map.groupBy(
      await selectActivity(tx, organizationId, siteIds, activitySince),
      (row) => row.site_id,
    ),
    losses: Map.groupBy(await selectLosses(tx, ids), (loss) => loss.incident_id),
  };
}

/** An incident of several sites has no verdict, unless the fault is ours at the first of them. */
function verdictOf(incident: JudgedIncident, siteIds: readonly string[], read: Gathered): Verdict | null {
  const isOld = read.now.getTime() - incident.opened_at.getTime() > verdictSeconds * 1000;
  if (isOld) return incident.verdict;
  const [siteId] = siteIds;
  const site = siteId === undefined ? undefined : read.sites.get(siteId);
  // Without a lost device, the verdict would be about something else.
  if (site === undefined || !read.losses.has(incident.id)) return lineVerdict(incident, site, read);
  const verdict = judgeSite(factsOf(incident, site, read));
  if (siteIds.length > 1) return verdict?.kind === 'our_outage' ? verdict : null;
  return wasOurs(incident, read.now) && verdict?.kind !== 'our_outage' ? incident.verdict : verdict;
}

/** Only the line of a site may be silent; everything else needs a device that is lost. */
function lineVerdict(incident: JudgedIncident, site: SiteRow | undefined, read: Gathered): Verdict | null {
  if (site === undefined || incident.site_id !== site.id) return null;
  const verdict = judgeSite(factsOf(incident, site, read));
  const isOfLine = verdict?.kind === 'network_outage' || verdict?.kind === 'source_outage';
  return isOfLine ? verdict : null;
}

/** The other sites are well again by now, which does not make it another cause. */
function wasOurs(incident: JudgedIncident, now: Date): boolean {
  const isRecent = now.getTime() - incident.opened_at.getTime() <= fleetSeconds.lost * 1000;
  return incident.verdict?.kind === 'our_outage' && !isRecent;
}
