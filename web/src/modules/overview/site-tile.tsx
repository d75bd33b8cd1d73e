import type { Overview } from '@watchkeeper/contracts/alerting';
import type { DeviceState } from '@watchkeeper/contracts/telemetry';
import { AppLink } from '../../app/link';
import { t } from '../../messages';
import { paths } from '../../paths';
import { Card } from '../../ui/card';
import { State } from '../../ui/mark';
import { Ago } from '../../ui/moment';
import { DeviceStrip, ShareBar } from '../../ui/status-bar';
import { countsInWords, healthOf, sharesOf } from './site-health';

/** Three rows of cells on a phone; beyond that single devices are no longer made out. */
const stripMax = 36;

interface SiteTileProps {
  org: string;
  site: Overview['sites'][number];
  /** undefined: too many to list, or not read yet. */
  devices: readonly DeviceState[] | undefined;
}

export function SiteTile({ org, site, devices }: SiteTileProps) {
  const health = healthOf(site);
  return (
    <Card className="relative flex min-h-36 flex-col gap-3 p-4 transition-colors hover:border-line-2">
      <header className="flex items-baseline justify-between gap-4">
        <h3 className="min-w-0 text-3 font-semibold">
          {/* The link covers the tile, so that all of it can be pressed. */}
          <AppLink
            to={paths.site({ org, site: site.slug })}
            className="after:absolute after:inset-0 after:rounded-3"
          >
            {site.name}
          </AppLink>
        </h3>
        <State tone={health.tone} className="shrink-0">
          {health.word}
        </State>
      </header>
      <div className="flex min-h-7 flex-1 flex-col justify-center">
        <Devices site={site} devices={devices} />
      </div>
      {/* One below the other: either may change its length without pushing the other. */}
      <footer className="grid text-1 text-ink-3">
        <span>{site.devices.total === 0 ? t.site.noDevices : countsInWords(site.devices)}</span>
        {site.last_seen_at === null ? (
          <span>{site.devices.total === 0 ? '' : t.overview.noSignal}</span>
        ) : (
          <Ago at={site.last_seen_at} language={t.language} zone={site.timezone}>
            {t.overview.lastSignal}
          </Ago>
        )}
      </footer>
    </Card>
  );
}

function Devices({ site, devices }: Omit<SiteTileProps, 'org'>) {
  if (site.devices.total === 0) return null;
  if (devices === undefined || devices.length === 0 || site.devices.total > stripMax) {
    return <ShareBar shares={sharesOf(site.devices)} />;
  }
  return (
    <DeviceStrip
      label={t.site.devices}
      items={devices.map((device) => ({
        id: device.id,
        name: device.name,
        status: device.status,
        label: `${device.name}: ${t.deviceStatus[device.status]}`,
      }))}
    />
  );
}
