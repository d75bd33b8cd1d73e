import type { DeviceState } from '@watchkeeper/contracts/telemetry';
import { t } from '../../messages';
import type { Weighed } from '../alerting/weight';

/** The site's name and how it is, in one line. */
export function siteSentence(
  name: string,
  devices: readonly Pick<DeviceState, 'status'>[] | undefined,
  alerts: Weighed,
): string {
  const how = state(devices, alerts);
  return how === undefined ? name : `${name}. ${how}`;
}

function state(
  devices: readonly Pick<DeviceState, 'status'>[] | undefined,
  alerts: Weighed,
): string | undefined {
  if (alerts.needsYou.length > 0) return t.site.needsYou(alerts.needsYou.length);
  if (alerts.inHand.length > 0) return t.overview.nothingNew(alerts.inHand.length);
  if (alerts.muted.some((alert) => alert.attention === 'under_maintenance')) return t.site.underMaintenance;
  if (devices === undefined || devices.length === 0) return undefined;
  const troubled = devices.filter(({ status }) =>
    ['offline', 'unresponsive', 'degraded'].includes(status),
  ).length;
  if (troubled > 0) return t.site.trouble(troubled);
  const unknown = devices.filter(({ status }) => status === 'unknown').length;
  if (unknown === devices.length) return t.site.noSignalYet;
  return unknown > 0 ? t.site.someUnknown(unknown) : t.site.fine;
}
