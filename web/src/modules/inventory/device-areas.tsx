import type { DeviceState } from '@watchkeeper/contracts/telemetry';
import { AppLink } from '../../app/link';
import { useOrg } from '../../app/session';
import { t } from '../../messages';
import { paths } from '../../paths';
import { Card } from '../../ui/card';
import { State } from '../../ui/mark';
import { Ago } from '../../ui/moment';
import { toneOfDevice } from '../../ui/tone';
import { VirtualList } from '../../ui/virtual-list';
import { DeviceRow, deviceRowHeight } from './device-row';
import { type AreaGroup, groupByArea } from './floor';

/** More tiles than this are neither read nor drawn well: a list of rows takes over. */
const tilesMax = 300;

/** The floor: a card per area, its devices in it as quiet tiles. */
export function DeviceAreas({ devices }: { devices: readonly DeviceState[] }) {
  const groups = groupByArea(devices, t.language);
  if (devices.length > tilesMax) return <LongFloor groups={groups} />;
  const single = groups.length === 1 && groups[0]?.name === null;
  return (
    <div className="grid items-start gap-4 md:grid-cols-[repeat(auto-fill,minmax(min(340px,100%),1fr))]">
      {groups.map((group) => (
        <Card key={group.id} className={single ? 'col-span-full' : ''}>
          {single ? null : (
            <h3 className="flex items-baseline justify-between gap-4 px-4 pt-3 text-2 font-semibold">
              {group.name ?? t.site.noArea}
              <span className="text-1 font-normal text-ink-3">{t.count.devices(group.devices.length)}</span>
            </h3>
          )}
          <Tiles devices={group.devices} />
        </Card>
      ))}
    </div>
  );
}

function Tiles({ devices }: { devices: readonly DeviceState[] }) {
  return (
    <ul className="grid grid-cols-[repeat(auto-fit,minmax(min(150px,100%),1fr))] gap-2 p-3">
      {devices.map((device) => (
        <Tile key={device.id} device={device} />
      ))}
    </ul>
  );
}

function Tile({ device }: { device: DeviceState }) {
  const { org } = useOrg();
  const fine = device.status === 'online';
  return (
    <li className="relative min-w-0 rounded-2 border border-line bg-raised px-3 py-2 hover:bg-sunken">
      <AppLink
        to={paths.device({ org, device: device.device_id })}
        className="block truncate font-medium after:absolute after:inset-0"
        title={device.name}
      >
        {device.name}
      </AppLink>
      <State tone={toneOfDevice(device.status)} className={fine ? 'font-normal' : ''}>
        {t.deviceStatus[device.status]}
      </State>
      <p className="truncate text-0 text-ink-3">
        {device.last_seen_at === null ? (
          t.overview.noSignal
        ) : (
          <Ago at={device.last_seen_at} language={t.language}>
            {t.floor.lastHeard}
          </Ago>
        )}
      </p>
    </li>
  );
}

function LongFloor({ groups }: { groups: readonly AreaGroup[] }) {
  const devices = groups.flatMap((group) => group.devices);
  return (
    <Card>
      <VirtualList
        label={t.site.devices}
        items={devices}
        keyOf={(device) => device.id}
        rowHeight={deviceRowHeight}
      >
        {(device) => <DeviceRow device={device} place={device.area?.name ?? t.site.noArea} />}
      </VirtualList>
    </Card>
  );
}
