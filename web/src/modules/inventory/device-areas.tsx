import type { DeviceState } from '@watchkeeper/contracts/telemetry';
import { AppLink } from '../../app/link';
import { useOrg } from '../../app/session';
import { t } from '../../messages';
import { paths } from '../../paths';
import { Card } from '../../ui/card';
import { State } from '../../ui/mark';
import { Ago } from '../../ui/moment';
import { toneOfDevice } from '../../ui/tone';

interface AreaGroup {
  id: string;
  name: string | null;
  devices: readonly DeviceState[];
}

/** By area, areas and devices by name; devices without an area come last. */
export function groupByArea(devices: readonly DeviceState[], language: string): AreaGroup[] {
  const { compare } = new Intl.Collator(language, { numeric: true });
  const groups = Map.groupBy(devices, (device) => device.area?.id ?? '');
  return [...groups]
    .map(([id, members]) => ({
      id,
      name: members[0]?.area?.name ?? null,
      devices: members.toSorted((a, b) => compare(a.name, b.name)),
    }))
    .sort((a, b) => {
      if (a.name === null || b.name === null) return Number(a.name === null) - Number(b.name === null);
      return compare(a.name, b.name);
    });
}

/** The floor: a card per area, its devices in it. */
export function DeviceAreas({ devices }: { devices: readonly DeviceState[] }) {
  const groups = groupByArea(devices, t.language);
  const [only] = groups;
  if (groups.length === 1 && only?.name === null) {
    return (
      <Card>
        <DeviceRows devices={only.devices} />
      </Card>
    );
  }
  return (
    <div className="grid items-start gap-4 md:grid-cols-[repeat(auto-fill,minmax(min(340px,100%),1fr))]">
      {groups.map((group) => (
        <Card key={group.id}>
          <h3 className="border-b border-line px-4 py-2.5 text-2 font-semibold">
            {group.name ?? t.site.noArea}
          </h3>
          <DeviceRows devices={group.devices} />
        </Card>
      ))}
    </div>
  );
}

function DeviceRows({ devices }: { devices: readonly DeviceState[] }) {
  const { org } = useOrg();
  return (
    <ul className="divide-y divide-line">
      {devices.map((device) => (
        <li
          key={device.id}
          className="relative flex flex-wrap items-baseline justify-between gap-x-4 gap-y-0.5 px-4 py-2.5 first:rounded-t-3 last:rounded-b-3 hover:bg-sunken"
        >
          <AppLink
            to={paths.device({ org, device: device.device_id })}
            className="min-w-0 font-medium after:absolute after:inset-0"
          >
            {device.name}
          </AppLink>
          <span className="flex items-baseline gap-3">
            <span className="text-1 text-ink-3">
              {device.last_seen_at === null ? (
                t.overview.noSignal
              ) : (
                <Ago at={device.last_seen_at} language={t.language} />
              )}
            </span>
            <State tone={toneOfDevice(device.status)}>{t.deviceStatus[device.status]}</State>
          </span>
        </li>
      ))}
    </ul>
  );
}
