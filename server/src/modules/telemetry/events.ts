import { defineEvent } from '#platform/events';

/** Heartbeats of these devices mean a change: status, a waiting alert, or a value over a limit. */
export const devicesNeedAttention = defineEvent<{
  organizationId: string;
  /** At most `attentionKeysMax`. */
  deviceKeys: readonly number[];
  /** Receipt, RFC 3339. */
  at: string;
  /** From the release before: unnoticed silences, RFC 3339. They are rows now. */
  silences?: readonly { readonly deviceKey: number; readonly from: string; readonly to: string }[];
}>('telemetry.devices_need_attention');

export const attentionKeysMax = 500;

/** New business events were counted. */
export const eventsRecorded = defineEvent<{
  organizationId: string;
  types: readonly string[];
  siteIds: readonly string[];
  /** From the release before: when those happened that came in late, RFC 3339. They are rows now. */
  late?: { readonly from: string; readonly to: string };
}>('telemetry.events_recorded');
