import type { DeviceStatus } from '@watchkeeper/contracts';
import type { Overview } from '@watchkeeper/contracts/alerting';
import type { Standing } from '@watchkeeper/contracts/attention';
import { deviceStatuses, isAtLeast } from '@watchkeeper/contracts/vocabulary';
import { t } from '../../messages';
import type { Share } from '../../ui/status-bar';
import type { Tone } from '../../ui/tone';

type SiteSummary = Overview['sites'][number];

export interface SiteHealth {
  tone: Tone;
  word: string;
}

/** How the server says that a site stands, as a tone and a word. */
export function healthOf(site: Pick<SiteSummary, 'standing' | 'worst_severity'>): SiteHealth {
  return { tone: toneOf(site), word: t.overview.standing[site.standing] };
}

/** Red only for what needs a person now. */
function toneOf({ standing, worst_severity: worst }: Pick<SiteSummary, 'standing' | 'worst_severity'>): Tone {
  if (standing !== 'needs_you') return tones[standing];
  return worst !== null && isAtLeast(worst, 'high') ? 'problem' : 'attention';
}

const tones: Record<Exclude<Standing, 'needs_you'>, Tone> = {
  // As quiet as the cards of what somebody has taken.
  in_hand: 'unknown',
  under_maintenance: 'maintenance',
  empty: 'unknown',
  trouble: 'attention',
  muted: 'unknown',
  unknown: 'unknown',
  fine: 'ok',
};

const rank: Record<DeviceStatus, number> = {
  offline: 0,
  unresponsive: 1,
  degraded: 2,
  unknown: 3,
  maintenance: 4,
  online: 5,
};

/** Troubled statuses first. */
export function statusRank(status: DeviceStatus): number {
  return rank[status];
}

export function sharesOf(devices: SiteSummary['devices']): Share[] {
  return deviceStatuses
    .toSorted((a, b) => rank[a] - rank[b])
    .map((status) => ({ status, count: devices[status] }));
}

/** "1 offline, 2 unknown, 5 online": only what there is. */
export function countsInWords(devices: SiteSummary['devices']): string {
  return sharesOf(devices)
    .filter((share) => share.count > 0)
    .map((share) => t.overview.of(share.count, t.deviceStatus[share.status]))
    .join(', ');
}
