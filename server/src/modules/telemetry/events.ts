import { defineEvent } from '#platform/events';

/** Heartbeats of these devices mean a change: status, a waiting alert, or a value over a limit. */
export const devicesNeedAttention = defineEvent<{
  /** At most `attentionKeysMax`. */
  deviceKeys: readonly number[];
  /** Receipt, RFC 3339. */
  at: string;
  /** Silences that ended with one of these heartbeats and that nobody had noticed. */
  silences?: readonly PastSilence[];
}>('telemetry.devices_need_attention');

/** Between two heartbeats of one device; RFC 3339. */
export interface PastSilence {
  readonly deviceKey: number;
  readonly from: string;
  readonly to: string;
}

export const attentionKeysMax = 500;

/** New business events were counted. */
export const eventsRecorded = defineEvent<{
  organizationId: string;
  types: readonly string[];
  siteIds: readonly string[];
  /** When those happened that came in late, RFC 3339; left out when none did. */
  late?: { readonly from: string; readonly to: string };
}>('telemetry.events_recorded');
