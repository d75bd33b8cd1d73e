import type { DeviceCheck } from '#modules/checks';
import { isOpen } from '#modules/inventory';
import { isFresh } from '#modules/sources';
import type { WatchGap } from '#platform/watch-gaps';
import type {
  ActivityFact,
  CheckFact,
  DeviceFact,
  ElsewhereFact,
  SiteFacts,
  SourceFact,
} from '../verdict/facts.ts';
import { activityOf } from './activity.ts';
import type { SitePulse } from './fleet-store.ts';
import type { JudgedIncident, LossRow } from './incident-store.ts';
import type { ActivityRow, SiteCheckRow, SiteDeviceRow, SiteRow, SourceRow } from './site-store.ts';

/** Everything that was read for the incidents of one organization, by site or device. */
export interface Gathered {
  readonly now: Date;
  readonly sites: ReadonlyMap<string, SiteRow>;
  readonly devices: ReadonlyMap<string, readonly SiteDeviceRow[]>;
  readonly deviceChecks: ReadonlyMap<string, readonly DeviceCheck[]>;
  readonly siteChecks: ReadonlyMap<string, readonly SiteCheckRow[]>;
  readonly sources: readonly SourceRow[];
  readonly activity: ReadonlyMap<string, readonly ActivityRow[]>;
  /** By incident. */
  readonly losses: ReadonlyMap<string, readonly LossRow[]>;
  readonly pulses: readonly SitePulse[];
  readonly watchGaps: readonly WatchGap[];
}

/** A device that fell silent this long before the first or after the last alert has another cause. Seconds. */
export const sameCauseSeconds = 900;

/** The facts about the site of an incident, in the words of the verdict. Pure. */
export function factsOf(incident: JudgedIncident, site: SiteRow, read: Gathered): SiteFacts {
  const devices = (read.devices.get(site.id) ?? []).map((row) => ({
    row,
    checks: read.deviceChecks.get(row.id) ?? [],
  }));
  const losses = new Map((read.losses.get(incident.id) ?? []).map((loss) => [loss.device_id, loss]));
  const span = causeSpan(incident, [...losses.values()]);
  const hours = site.opening_hours;
  return {
    site: {
      name: site.name,
      timezone: site.timezone,
      hours:
        hours === null
          ? null
          : { open: isOpen(hours, site.timezone, incident.opened_at).open, closedSince: null },
    },
    devices: devices.map(({ row, checks }) => deviceFact(row, checks, losses.get(row.id), span)),
    checks: (read.siteChecks.get(site.id) ?? []).map(checkFact),
    sources: read.sources.map((source) => sourceFact(source, devices, read.now)),
    activity: [...activityAt(site.id, read), ...doorsOf(devices)],
    elsewhere: elsewhereOf(site.id, read.pulses),
    watchGaps: read.watchGaps,
  };
}

interface CauseSpan {
  readonly from: number;
  readonly to: number;
}

function causeSpan(incident: JudgedIncident, losses: readonly LossRow[]): CauseSpan {
  const starts = [incident.opened_at, ...losses.map((loss) => loss.from)].map((at) => at.getTime());
  return {
    from: Math.min(...starts) - sameCauseSeconds * 1000,
    to: incident.last_joined_at.getTime() + sameCauseSeconds * 1000,
  };
}

function deviceFact(
  row: SiteDeviceRow,
  checks: readonly DeviceCheck[],
  loss: LossRow | undefined,
  span: CauseSpan,
): DeviceFact {
  const hasAgent = row.last_seen_at !== null;
  const [sourced] = checks.filter((check) => check.source_slug !== null);
  const isKnownToUs = hasAgent || checks.some((check) => check.source_slug === null);
  const silence = silenceOf(row, loss);
  const isSameCause =
    silence !== null && silence.from.getTime() >= span.from && silence.from.getTime() <= span.to;
  return {
    slug: row.slug,
    area: row.area,
    status: row.status,
    lastHeardAt: latest([row.last_seen_at, ...checks.map((check) => check.last_ok_at ?? check.observed_at)]),
    hasAgent,
    underMaintenance: row.under_maintenance,
    silence: isSameCause ? silence : null,
    onlyKnownBy: isKnownToUs ? null : (sourced?.source_slug ?? null),
  };
}

/** The alert knows best since when; then the device's own state, and last its history. */
function silenceOf(row: SiteDeviceRow, loss: LossRow | undefined): DeviceFact['silence'] {
  const isLost = row.status === 'offline' || row.status === 'unresponsive';
  if (loss !== undefined) return { from: loss.from, to: isLost ? null : (loss.to ?? row.back_at) };
  if (isLost)
    return {
      from: row.status === 'offline' ? (row.last_seen_at ?? row.status_since) : row.status_since,
      to: null,
    };
  return row.lost_at === null || row.back_at === null ? null : { from: row.lost_at, to: row.back_at };
}

/** Kinds whose good answer comes from the site itself. */
const lineKinds = ['icmp', 'tcp'];
const timeoutWords = /tim(ed|e)[ -]?out|did not answer|no answer|deadline/i;

function checkFact(check: SiteCheckRow): CheckFact {
  return {
    slug: check.slug,
    device: null,
    reachesSite: lineKinds.includes(check.kind),
    outcome: outcomeOf(check),
    at: check.last_at,
  };
}

function outcomeOf({ status, reason }: Pick<SiteCheckRow, 'status' | 'reason'>): CheckFact['outcome'] {
  if (status === 'up') return 'ok';
  if (status !== 'down') return 'unable';
  return timeoutWords.test(reason ?? '') ? 'timeout' : 'failed';
}

function sourceFact(
  source: SourceRow,
  devices: readonly { readonly row: SiteDeviceRow; readonly checks: readonly DeviceCheck[] }[],
  now: Date,
): SourceFact {
  const online = devices.filter(({ checks }) =>
    checks.some((check) => check.source_slug === source.slug && check.observed_state === 'online'),
  );
  return {
    slug: source.slug,
    name: source.name,
    fresh: isFresh(source.read_at, now.getTime()),
    down: source.down,
    readAt: source.read_at,
    saysOnline: online.map(({ row }) => row.slug),
  };
}

function activityAt(siteId: string, read: Gathered): ActivityFact[] {
  return (read.activity.get(siteId) ?? []).flatMap(({ type, at }) => {
    const kind = activityOf(type);
    return kind === undefined ? [] : [{ kind, at }];
  });
}

/** The access log of the doors, as their source reports it. */
function doorsOf(devices: readonly { readonly checks: readonly DeviceCheck[] }[]): ActivityFact[] {
  return devices.flatMap(({ checks }) =>
    checks.flatMap(({ event_at: at }) =>
      at === null ? [] : [{ kind: 'door_opened' as const, at: new Date(at) }],
    ),
  );
}

function elsewhereOf(siteId: string, pulses: readonly SitePulse[]): ElsewhereFact | null {
  const others = pulses.filter((pulse) => pulse.site_id !== siteId);
  if (others.length === 0) return null;
  return {
    devices: others.reduce((sum, pulse) => sum + pulse.devices, 0),
    quietDevices: others.reduce((sum, pulse) => sum + pulse.quiet, 0),
    sites: others.length,
    quietSites: others.filter((pulse) => pulse.quiet * 2 >= pulse.devices).length,
  };
}

function latest(times: readonly (Date | null)[]): Date | null {
  const known = times.flatMap((at) => (at === null ? [] : [at.getTime()]));
  return known.length === 0 ? null : new Date(Math.max(...known));
}

/** People count as present when something showed them within this time. Seconds. */
export const peopleSeconds = 1_800;

/** Whether people are at one of these sites; null: nothing there shows them. */
export function peopleAt(siteIds: readonly string[], read: Gathered): boolean | null {
  const seen = siteIds.flatMap((id) => [
    ...activityAt(id, read),
    ...doorsOf((read.devices.get(id) ?? []).map((row) => ({ checks: read.deviceChecks.get(row.id) ?? [] }))),
  ]);
  if (seen.length === 0) return null;
  return seen.some(({ at }) => read.now.getTime() - at.getTime() <= peopleSeconds * 1000);
}

/** Whether one of these sites is open; null: none of them has opening hours. */
export function openAt(siteIds: readonly string[], { sites, now }: Gathered): boolean | null {
  const states = siteIds.flatMap((id) => {
    const site = sites.get(id);
    return site === undefined || site.opening_hours === null
      ? []
      : [isOpen(site.opening_hours, site.timezone, now).open];
  });
  return states.length === 0 ? null : states.includes(true);
}
