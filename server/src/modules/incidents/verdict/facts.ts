import type { DeviceStatus } from '@watchkeeper/contracts';

/**
 * Everything that a verdict about a site stands on. All times are our own receipt times. The verdict asks nothing else,
 * so the same facts always get the same verdict.
 */
export interface SiteFacts {
  readonly site: SiteFact;
  readonly devices: readonly DeviceFact[];
  readonly checks: readonly CheckFact[];
  readonly sources: readonly SourceFact[];
  /** What people did at the site lately: doors, customers, devices in use. */
  readonly activity: readonly ActivityFact[];
  /** Null: the installation has no other site that was heard lately. */
  readonly elsewhere: ElsewhereFact | null;
  /** When no process of ours received heartbeats. */
  readonly watchGaps: readonly Span[];
}

export interface Span {
  readonly from: Date;
  readonly to: Date;
}

export interface SiteFact {
  readonly name: string;
  /** IANA name, for times in words. */
  readonly timezone: string;
  /** Null: the site has no opening hours. */
  readonly hours: { readonly open: boolean; readonly closedSince: Date | null } | null;
}

export interface DeviceFact {
  readonly slug: string;
  /** Slug of its area. */
  readonly area: string | null;
  readonly status: DeviceStatus;
  /** Last sign of life: a heartbeat, or a good check. Null: it never gave one. */
  readonly lastHeardAt: Date | null;
  /** Whether it sends heartbeats of its own. */
  readonly hasAgent: boolean;
  readonly underMaintenance: boolean;
  /** Its silence in this incident; `to` is null while it lasts. Null: it was heard, or lost before. */
  readonly silence: { readonly from: Date; readonly to: Date | null } | null;
  /** Slug of the third-party source that alone knows this device; null: we hear or reach it ourselves. */
  readonly onlyKnownBy: string | null;
}

/** The last result of a check at the site. */
export interface CheckFact {
  readonly slug: string;
  /** Slug of the device that it tests; null: the site's line, or a service that the site needs. */
  readonly device: string | null;
  /** Whether a good answer comes from the site itself, as of a ping; a web service may run anywhere. */
  readonly reachesSite: boolean;
  readonly outcome: 'ok' | 'failed' | 'timeout' | 'unable';
  readonly at: Date;
}

export interface SourceFact {
  readonly slug: string;
  readonly name: string;
  /** false: its last reading is too old to count. */
  readonly fresh: boolean;
  /** Its own check says that it is down. */
  readonly down: boolean;
  readonly readAt: Date | null;
  /** Devices of the site that it reported online at its last reading. */
  readonly saysOnline: readonly string[];
}

export interface ActivityFact {
  readonly kind: 'door_opened' | 'customer' | 'device_used';
  readonly at: Date;
}

/** The other sites of the installation, of every organization, at the time of the incident. */
export interface ElsewhereFact {
  readonly devices: number;
  readonly quietDevices: number;
  readonly sites: number;
  /** Sites where at least half of the devices are quiet. */
  readonly quietSites: number;
}
