import type { DeviceStatus } from '@watchkeeper/contracts';
import type { Overview } from '@watchkeeper/contracts/alerting';
import { deviceStatuses, isAtLeast } from '@watchkeeper/contracts/vocabulary';
import { t } from '../../messages';
import type { Share } from '../../ui/status-bar';
import type { Tone } from '../../ui/tone';

type SiteSummary = Overview['sites'][number];

export interface SiteHealth {
  tone: Tone;
  word: string;
}

/** One word for a site. What cannot be told is never called fine. */
export function healthOf(site: Pick<SiteSummary, 'devices' | 'open_alerts' | 'worst_severity'>): SiteHealth {
  const { devices, open_alerts: open, worst_severity: worst } = site;
  if (open > 0) {
    const heavy = worst !== null && isAtLeast(worst, 'high');
    return { tone: heavy ? 'problem' : 'attention', word: t.overview.siteNeedsYou };
  }
  if (devices.total === 0) return { tone: 'unknown', word: t.overview.siteEmpty };
  if (devices.offline + devices.unresponsive + devices.degraded > 0) {
    return { tone: 'attention', word: t.overview.siteTrouble };
  }
  if (devices.unknown > 0) return { tone: 'unknown', word: t.overview.siteUnknown };
  if (devices.maintenance === devices.total) return { tone: 'maintenance', word: t.overview.siteMaintenance };
  return { tone: 'ok', word: t.overview.siteFine };
}

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
