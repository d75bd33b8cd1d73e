import type { DeviceState } from '@watchkeeper/contracts/telemetry';
import { AppLink } from '../../app/link';
import { useOrg } from '../../app/session';
import { t } from '../../messages';
import { paths } from '../../paths';
import { State } from '../../ui/mark';
import { Ago } from '../../ui/moment';
import { toneOfDevice } from '../../ui/tone';

export const deviceRowHeight = 52;

/** One device as a line: name, place, last heartbeat, state. */
export function DeviceRow({ device, place }: { device: DeviceState; place: string }) {
  const { org } = useOrg();
  return (
    <div className="relative grid min-h-13 grid-cols-[minmax(0,1fr)_auto] items-center gap-x-4 px-4 py-1.5 hover:bg-sunken sm:py-2 sm:grid-cols-[minmax(0,2fr)_minmax(0,2fr)_9rem_8rem]">
      <div className="grid min-w-0">
        <AppLink
          to={paths.device({ org, device: device.device_id })}
          className="truncate font-medium after:absolute after:inset-0"
        >
          {device.name}
        </AppLink>
        <span className="truncate text-1 text-ink-2 sm:hidden">{place}</span>
      </div>
      <span className="truncate text-1 text-ink-2 max-sm:hidden">{place}</span>
      <span className="text-1 text-ink-3 max-sm:hidden">
        {device.last_seen_at === null ? (
          t.overview.noSignal
        ) : (
          <Ago at={device.last_seen_at} language={t.language} />
        )}
      </span>
      {device.retired_at === null ? (
        <State tone={toneOfDevice(device.status)}>{t.deviceStatus[device.status]}</State>
      ) : (
        <State tone="unknown">{t.devices.retired}</State>
      )}
    </div>
  );
}
